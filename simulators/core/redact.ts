/** Replaces secrets by their names, and back. */
export interface Redactor {
  /** `text` with every known secret as `{{<partner>.<credential>}}`. */
  hide(text: string): string
  /** An `Authorization` value; one that holds no known secret becomes `{{unknown:n}}`, the same each time. */
  hideAuthorization(value: string): string
  /** The other way: placeholders of known secrets become the secrets. */
  reveal(text: string): string
}

/** Shorter strings would hide by accident what is no secret. */
const secretCharsMin = 6

/**
 * `credentials`: by partner, by name. Pairs are known in base64 too, as `Basic` and `Bearer` schemes send them.
 */
export function createRedactor(
  credentials: Record<string, Record<string, string>>,
  open: Record<string, readonly string[]>,
): Redactor {
  // Every pair of credentials in base64: half the cost of making a world, and most worlds are never read.
  let made: Secrets | undefined
  const secrets = (): Secrets => {
    made ??= gatherSecrets(credentials, open)
    return made
  }
  const unknown = new Map<string, string>()
  const hide = (text: string) => {
    const { pattern, names } = secrets()
    return pattern ? text.replace(pattern, (secret) => `{{${names.get(secret)}}}`) : text
  }
  return {
    hide,
    hideAuthorization(value) {
      const hidden = hide(value)
      if (hidden !== value) return hidden
      let name = unknown.get(value)
      if (!name) {
        name = `{{unknown:${unknown.size + 1}}}`
        if (unknown.size < unknownMax) unknown.set(value, name)
      }
      return name
    },
    reveal: (text) =>
      text.replace(/\{\{([^{}]+)\}\}/g, (all, name: string) => secrets().values.get(name) ?? all),
  }
}

interface Secrets {
  /** By secret. */
  names: ReadonlyMap<string, string>
  /** By name. */
  values: ReadonlyMap<string, string>
  /** Undefined: there are none. */
  pattern: RegExp | undefined
}

function gatherSecrets(
  credentials: Record<string, Record<string, string>>,
  open: Record<string, readonly string[]>,
): Secrets {
  const names = nameSecrets(credentials, open)
  const secrets = [...names.keys()].sort((a, b) => b.length - a.length)
  return {
    names,
    values: new Map([...names].map(([secret, name]) => [name, secret])),
    pattern: secrets.length > 0 ? new RegExp(secrets.map(escapeRegExp).join('|'), 'g') : undefined,
  }
}

const unknownMax = 1_000

function nameSecrets(
  credentials: Record<string, Record<string, string>>,
  open: Record<string, readonly string[]>,
): Map<string, string> {
  const names = new Map<string, string>()
  for (const [partner, values] of Object.entries(credentials)) {
    for (const [name, value] of Object.entries(values)) {
      if (open[partner]?.includes(name) || value.length < secretCharsMin) continue
      names.set(value, `${partner}.${name}`)
      for (const [other, otherValue] of Object.entries(values)) {
        const pair = Buffer.from(`${otherValue}:${value}`).toString('base64')
        names.set(pair, `${partner}.${other}:${name}`)
      }
    }
  }
  return names
}

const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
