import { parseArgs } from 'node:util'
import { questions, type Site, type Subject } from '../lib/load-run.ts'
import { type PartnerProfile, parsePartnerProfile } from '../lib/partner-profile.ts'
import { findProfile, profiles } from '../lib/profiles.ts'

/** What `npm run load -- …` was asked for. */
export type Command =
  | { kind: 'help' }
  | { kind: 'compare'; runs: [string, string] }
  | { kind: 'run'; asks: Ask[]; options: RunOptions }

export interface Ask {
  question: string
  subject: Subject
  sites: Site[]
}

export interface RunOptions {
  profile: string
  target?: string
  control?: string
  world?: string
  token?: string
  ratePerSecond?: number
  durationSeconds?: number
  partner?: PartnerProfile
  faults: object[]
  skus?: string[]
  name?: string
  keep: boolean
}

/** A mistake of whoever typed the command: its message says what would do. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'UsageError'
  }
}

const known = () => Object.keys(questions).join(', ')

/** Reads the words after `npm run load --`. Throws `UsageError`. */
export function readArguments(words: readonly string[]): Command {
  const { values, positionals } = parse(words)
  const [question = 'all', ...more] = positionals
  if (values.help) return { kind: 'help' }
  if (question === 'compare') {
    const [one, other] = more
    if (one === undefined || other === undefined || more.length > 2) {
      throw new UsageError('compare wants two runs: npm run load -- compare BEFORE AFTER')
    }
    return { kind: 'compare', runs: [one, other] }
  }
  if (more.length > 0) throw new UsageError(`One question at a time, not "${more.join(' ')}" too.`)
  const asks = asksOf(question, values)
  const options = translate(() => optionsOf(values))
  if (asks.length > 1 && (options.name !== undefined || options.target !== undefined)) {
    throw new UsageError('"all" takes no --name and no --target: ask one question.')
  }
  return { kind: 'run', asks, options }
}

type Values = ReturnType<typeof parse>['values']

function parse(words: readonly string[]) {
  const text = { type: 'string' } as const
  return translate(() =>
    parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        subject: text,
        target: text,
        control: text,
        world: text,
        token: text,
        profile: { ...text, default: 'smoke' },
        rate: text,
        duration: text,
        partner: text,
        fault: { ...text, multiple: true, default: [] },
        site: text,
        skus: text,
        name: text,
        keep: { type: 'boolean', default: false },
      },
    }),
  )
}

/** All errors here are of the words that were typed. */
function translate<Result>(read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function asksOf(question: string, { subject, site }: Values): Ask[] {
  if (subject !== undefined && subject !== 'partner' && subject !== 'shop') {
    throw new UsageError(`--subject is partner or shop, not "${subject}".`)
  }
  if (question === 'all') {
    if (site !== undefined) throw new UsageError('"all" takes no --site.')
    const subjects: Subject[] = subject === undefined ? ['partner', 'shop'] : [subject]
    return Object.entries(questions).flatMap(([name, { sites }]) =>
      subjects.map((each) => ({ question: name, subject: each, sites: sites[each] })),
    )
  }
  if (!Object.hasOwn(questions, question)) {
    throw new UsageError(`Unknown question "${question}". Known: ${known()}, all.`)
  }
  const chosen = subject ?? 'partner'
  const possible = questions[question]?.sites[chosen] ?? []
  const wanted = site?.split(',') ?? possible
  const sites = possible.filter((each) => wanted.includes(each))
  const strange = wanted.find((each) => !sites.some((one) => one === each))
  if (strange !== undefined) {
    throw new UsageError(`${question} knows no site "${strange}". Known: ${possible.join(', ')}.`)
  }
  return [{ question, subject: chosen, sites }]
}

function optionsOf(values: Values): RunOptions {
  findProfile(values.profile)
  const { target, control, world, token, name } = values
  if (name !== undefined && !/^[\w.-]+$/.test(name)) {
    throw new UsageError(`--name becomes a file's name: letters, digits, "-", "_" and ".".`)
  }
  return {
    profile: values.profile,
    faults: values.fault.map(readFault),
    keep: values.keep,
    ...(target === undefined ? {} : { target: readUrl('--target', target) }),
    ...(control === undefined ? {} : { control: readUrl('--control', control) }),
    ...(world === undefined ? {} : { world }),
    ...(token === undefined ? {} : { token }),
    ...(name === undefined ? {} : { name }),
    ...(values.rate === undefined ? {} : { ratePerSecond: readRate(values.rate) }),
    ...(values.duration === undefined ? {} : { durationSeconds: readSeconds(values.duration) }),
    ...(values.partner === undefined ? {} : { partner: parsePartnerProfile(values.partner) }),
    ...(values.skus === undefined ? {} : { skus: values.skus.split(',').filter(Boolean) }),
  }
}

function readUrl(option: string, text: string): string {
  if (!/^https?:\/\/[^/\s]+/.test(text) || !URL.canParse(text)) {
    throw new UsageError(`${option}: a URL is wanted, not "${text}".`)
  }
  return text.replace(/\/+$/, '')
}

function readRate(text: string): number {
  const rate = Number(text)
  if (!(Number.isInteger(rate) && rate >= 1 && rate <= 100_000)) {
    throw new UsageError(`--rate: iterations a second, a whole number, not "${text}".`)
  }
  return rate
}

/** `30s`, `5m`, `1h`. */
function readSeconds(text: string): number {
  const [, count, unit = ''] = /^(\d{1,5})(s|m|h)$/.exec(text) ?? []
  const seconds = Number(count) * ({ s: 1, m: 60, h: 3_600 }[unit] ?? 0)
  if (!(seconds > 0)) throw new UsageError(`--duration: 30s, 5m or 1h, not "${text}".`)
  return seconds
}

function readFault(text: string): object {
  const value: unknown = translate(() => JSON.parse(text))
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new UsageError(`--fault: a JSON object as POST …/faults takes it, not ${text}.`)
}

export const usage = `npm run load -- QUESTION [options]
npm run load                              every question, both subjects (the same as: all)
npm run load -- compare BEFORE AFTER      two runs side by side, by name or file

${Object.entries(questions)
  .map(([name, { about }]) => `  ${name.padEnd(16)} ${about}`)
  .join('\n')}

  --subject partner|shop   who is measured: the partner (k6 plays the client), or a shop (default: partner)
  --profile ${Object.keys(profiles).join('|')}   how hard (default: smoke)
  --rate N, --duration 30s the profile's shape at another rate (iterations a second) and length
  --partner p50=120ms,p95=600ms,limit=20/s,errors=1%   how slow and strict the partners are
  --fault JSON             arms a fault besides; may stand several times
  --site fynd,konnect      only these, where a question has several
  --target URL             partner: a running control plane, or a sandbox's base URL (with one --site)
                           shop: where your own shop listens (with one --site)
  --control URL, --world NAME, --token T   the control plane and world that your shop is wired to
                           (default: http://127.0.0.1:4000, default)
  --skus A,B               SKUs that both sides know
  --name NAME              of the results in out/load (default: QUESTION-SUBJECT)
  --keep                   the world stays for a look around; only with a control plane that stays`
