import { Option } from 'commander'
import { CommandError } from './command-error.ts'

/** Where the simulators are, as every command that talks to them is told. */
export interface ControlTarget {
  url: string
  world: string
  token?: string
}

/** `--url`, `--world`, `--token`, each also by environment. */
export const targetOptions = (): Option[] => [
  new Option('--url <url>', 'control plane').env('UNDERSTUDY_URL').default('http://127.0.0.1:4000'),
  new Option('--world <name>', 'world').env('UNDERSTUDY_WORLD').default('default'),
  new Option('--token <token>', 'token of the control plane').env('UNDERSTUDY_TOKEN'),
]

export interface ControlClient {
  /** `path` is below the world: `/clock`. Throws `ControlRefusal` with the control plane's own words. */
  get<T>(path: string): Promise<T>
  post<T>(path: string, body: unknown): Promise<T>
}

interface Refused {
  error?: { code: string; message: string; oldest_seq?: number }
}

/** The control plane said no, with its own words. */
export class ControlRefusal extends CommandError {
  readonly code: string
  /** With `evicted`: where the journal begins now. */
  readonly oldestSeq: number | undefined

  constructor(error: NonNullable<Refused['error']>, exitCode: 1 | 2) {
    super(error.message, exitCode)
    this.name = 'ControlRefusal'
    this.code = error.code
    this.oldestSeq = error.oldest_seq
  }
}

/** What is refused, and a control plane that cannot be reached, becomes a `CommandError`: 2 for bad input, 1 otherwise. */
export function createControlClient(target: ControlTarget): ControlClient {
  const call = async <T>(path: string, init: RequestInit): Promise<T> => {
    const url = `${target.url.replace(/\/$/, '')}/_sim/worlds/${encodeURIComponent(target.world)}${path}`
    const authorization = target.token ? { authorization: `Bearer ${target.token}` } : {}
    const response = await reach(target.url, url, {
      ...init,
      headers: { ...authorization, 'content-type': 'application/json' },
    })
    const text = await response.text()
    const body = parse(text, target.url)
    if (response.ok) return body as T
    const { error } = body as Refused
    if (error) throw new ControlRefusal(error, [400, 404].includes(response.status) ? 2 : 1)
    throw new CommandError(
      `The control plane answered ${response.status}: ${text.slice(0, 300)}`,
      1,
    )
  }
  return {
    get: (path) => call(path, {}),
    post: (path, body) => call(path, { method: 'POST', body: JSON.stringify(body) }),
  }
}

async function reach(base: string, url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (error) {
    if (!URL.canParse(url)) throw new CommandError(`--url ${base} is no URL.`, 2)
    const cause = error instanceof Error ? error.cause : undefined
    const why = cause instanceof Error && cause.message !== '' ? ` (${cause.message})` : ''
    throw new CommandError(
      `No simulators answer at ${base}${why}. Start them with: understudy up`,
      1,
    )
  }
}

function parse(text: string, base: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new CommandError(`What answers at ${base} is no control plane of Understudy.`, 1)
  }
}
