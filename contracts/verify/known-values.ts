import type { Parameter } from './verify-provider.ts'

/** Where the values of a question come from: the user, the credentials, earlier answers, the document's examples. */
export interface KnownValues {
  isGiven(name: string): boolean
  /** Given, or among the credentials. */
  isTrusted(name: string): boolean
  valueFor(name: string, parameter: Parameter): { value: string; isGuess: boolean }
  /** A field of an example body; what the user gave takes the place of what stands there. */
  inBody(name: string, value: unknown): unknown
  /** Keeps what an answer tells, each name's first value. */
  learn(text: string): void
  /** Without what nobody else may read: passwords, tokens, secrets among the credentials. */
  redact(text: string): string
  /** Whether any answer came. */
  hasLearned(): boolean
}

/** `orderId` and `order_id` are one name. */
const plainName = (name: string): string => name.replaceAll('_', '').toLowerCase()

const hourMs = 60 * 60_000

export function createKnownValues(
  given: Readonly<Record<string, string>>,
  credentials: Readonly<Record<string, string>>,
  nowMs: () => number,
): KnownValues {
  const trusted = new Map(
    [...Object.entries(credentials), ...Object.entries(given)].map(([name, value]) => [
      plainName(name),
      value,
    ]),
  )
  const told = new Map<string, string>()
  const secrets = Object.entries(credentials)
    .filter(([name, value]) => /password|secret|token/.test(name) && value !== '')
    .flatMap(([, value]) => [encodeURIComponent(value), value])
  let answers = 0
  const mine = new Set(Object.keys(given).map(plainName))
  return {
    isGiven: (name) => mine.has(plainName(name)),
    isTrusted: (name) => trusted.has(plainName(name)),
    valueFor(name, parameter) {
      const value = trusted.get(plainName(name)) ?? freshTime(parameter, nowMs())
      if (value !== undefined) return { value, isGuess: false }
      const guess = told.get(plainName(name)) ?? exampleOf(parameter)
      return { value: guess ?? `unknown-${name}`, isGuess: true }
    },
    inBody(name, value) {
      const wanted = trusted.get(plainName(name))
      if (wanted === undefined || (typeof value === 'object' && value !== null)) return value
      return typeof value === 'number' ? Number(wanted) : wanted
    },
    redact: (text) => secrets.reduce((left, secret) => left.replaceAll(secret, '***'), text),
    hasLearned: () => answers > 0,
    learn(text) {
      answers += 1
      try {
        remember(told, JSON.parse(text), '')
      } catch {
        // A document or a page tells nothing that can be asked for.
      }
    },
  }
}

/** An example's moment grows too old for a partner that keeps a few days. */
function freshTime(parameter: Parameter, nowMs: number): string | undefined {
  const example = exampleOf(parameter) ?? ''
  const text = new Date(nowMs - hourMs).toISOString()
  if (/^\d{4}-\d\d-\d\dT[\d:]+Z$/.test(example)) return `${text.slice(0, 19)}Z`
  return /^\d{4}-\d\d-\d\d$/.test(example) ? text.slice(0, 10) : undefined
}

function exampleOf({ example, schema }: Parameter): string | undefined {
  const value = example ?? schema?.example ?? schema?.default ?? schema?.enum?.[0]
  return value === undefined ? undefined : String(value)
}

function remember(told: Map<string, string>, value: unknown, name: string): void {
  if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      remember(told, inner, Array.isArray(value) ? name : plainName(key))
    }
  } else if ((typeof value === 'string' || typeof value === 'number') && value !== '') {
    if (!told.has(name)) told.set(name, String(value))
  }
}
