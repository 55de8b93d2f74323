import { readFileSync } from 'node:fs'
import { CommandError } from '../command-error.ts'

export type Pairs = Record<string, string>

/** For an option that may be given again. */
export const collect = (word: string, before: string[]): string[] => [...before, word]

/** `name=value`, for an option that may be given again. Throws `CommandError` for a word without a name. */
export function assignments(word: string, before: Pairs): Pairs {
  return { ...before, ...readPair(word) }
}

function readPair(word: string): Pairs {
  const at = word.indexOf('=')
  if (at <= 0) throw new CommandError(`"${word}" is no NAME=VALUE.`, 2)
  return { [word.slice(0, at).trim()]: word.slice(at + 1).trim() }
}

/** `fynd`: all pacts are with FYND. `GoFynd API=fynd`: the provider of that name is. */
export function readAliases(words: readonly string[]): { aliases: Pairs; partner?: string } {
  const alone = words.filter((word) => !word.includes('='))
  const [partner] = alone
  if (alone.length > 1) {
    throw new CommandError(`--partner ${alone.join(' --partner ')}: name one, or PROVIDER=NAME.`, 2)
  }
  // A provider's name may have a "=", a partner's has none.
  const aliases = words
    .filter((word) => word.includes('='))
    .map((word) => [
      word.slice(0, word.lastIndexOf('=')).trim(),
      word.slice(word.lastIndexOf('=') + 1).trim(),
    ])
  return { aliases: Object.fromEntries(aliases), ...(partner !== undefined && { partner }) }
}

/** Words `name=value`, names of JSON files, or JSON as it may stand in the environment. Later ones win. */
export function readCredentials(words: string | readonly string[]): Pairs {
  return Object.assign({}, ...[words].flat().map(readCredentialWord)) as Pairs
}

function readCredentialWord(word: string): Pairs {
  if (word.trim().startsWith('{')) return asPairs('the credentials', word)
  if (word.includes('=')) return readPair(word)
  try {
    return asPairs(word, readFileSync(word, 'utf8'))
  } catch (error) {
    if (error instanceof CommandError) throw error
    throw new CommandError(
      `Credentials are NAME=VALUE or a JSON file: ${error instanceof Error ? error.message : error}`,
      2,
    )
  }
}

/** An object of texts; JSON that is something else is refused by name. */
function asPairs(what: string, text: string): Pairs {
  const value = parseJson(what, text)
  const isPairs =
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((each) => typeof each === 'string')
  if (!isPairs) throw new CommandError(`${what}: an object of texts is wanted.`, 2)
  return value as Pairs
}

/** Consumer version selectors as Pact writes them; the latest of each consumer when none is given. */
export function readSelectors(words: readonly string[]): object[] {
  if (words.length === 0) return [{ latest: true }]
  return words.map((word) => {
    const value = parseJson(`--selector ${word}`, word)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
    throw new CommandError(`--selector ${word}: write for example {"mainBranch":true}`, 2)
  })
}

function parseJson(what: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new CommandError(
      `${what} is no JSON: ${error instanceof Error ? error.message : error}`,
      2,
    )
  }
}
