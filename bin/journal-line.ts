import type { ShownEntry } from './curl.ts'

type Data = Record<string, unknown>

/** A client's text must not steer the terminal. */
const tame = (text: string): string =>
  text.replace(/\p{Cc}/gu, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** One line for one entry: number, time of the world, kind, what happened, and the number of what caused it. */
export function renderLine({ seq, at, kind, cause, data }: ShownEntry): string {
  const time = at.replace('T', ' ').replace('Z', '')
  const why = cause === null ? '' : ` (because of ${cause})`
  const say = sayings[kind] ?? sayAny
  return `${String(seq).padStart(5)} ${time} ${kind.padEnd(13)} ${tame(say(data))}${why}`
}

/** Longer values are cut: the whole entry is one `--json` away. */
const valueCharsMax = 160

const cut = (text: string) =>
  text.length > valueCharsMax ? `${text.slice(0, valueCharsMax)}…` : text

const json = (value: unknown) => cut(JSON.stringify(value) ?? '')

const sayAny = (data: Data): string => json(data)

const faultsOf = ({ faults }: Data): string =>
  Array.isArray(faults) && faults.length > 0 ? ` [${faults.join(', ')}]` : ''

const sayings: Record<string, (data: Data) => string> = {
  request: (data) => {
    const refused = data.refused === undefined ? '' : ` ${data.refused}`
    return `${data.partner} ${data.method} ${cut(String(data.target))} -> ${data.status}${refused}${faultsOf(data)}`
  },
  act: ({ name, input, refused }) =>
    `${name} ${json(input)}${refused === undefined ? '' : ` refused: ${refused}`}`,
  event: ({ partner, event, eventId, subscriber }) =>
    `${partner} ${event} ${eventId} for ${subscriber}`,
  delivery: (data) => {
    const { delivery, event, state, deadLetter } = data
    const end = deadLetter === undefined ? '' : `: ${deadLetter}`
    return `${delivery} ${event}${state === undefined ? '' : ` ${state}`}${end}${faultsOf(data)}`
  },
  attempt: ({ delivery, attempt, event, url }) =>
    `${delivery} ${event} attempt ${attempt} to ${url}`,
  'attempt-ended': ({ delivery, attempt, status, error, state }) =>
    `${delivery} attempt ${attempt}: ${status ?? error}${state === undefined ? '' : `, ${state}`}`,
  state: ({ partner, what, ...rest }) => `${partner} ${what} ${json(rest)}`,
  clock: ({ toMs }) => `to ${new Date(Number(toMs)).toISOString()}`,
  bug: ({ message }) => `A bug of the simulator: ${message}`,
}
