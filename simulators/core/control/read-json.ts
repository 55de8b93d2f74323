import { z } from 'zod'
import { parseJson } from '../safe-json.ts'
import { ControlError } from './control-error.ts'
import { refuseOtherThanJson } from './safety.ts'

/** Bytes of an ordinary body; acts (catalogues) and snapshots may be larger. */
export const bodyBytesMax = 1024 * 1024
export const largeBodyBytesMax = 64 * 1024 * 1024

/**
 * Reads a JSON body by its schema; no body counts as `{}`. Throws 413 (over `bytesMax`), 415 (not JSON by content type) and 400 (not
 * JSON, or not what the schema wants, with the issues by path).
 */
export async function readJson<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
  bytesMax = bodyBytesMax,
): Promise<z.output<Schema>> {
  refuseOtherThanJson(request)
  return parseInput(schema, readSafely(await readText(request, bytesMax)), 'The body')
}

/** Checks input from outside; a 400 lists every issue with its dotted path. */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  what: string,
): z.output<Schema> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.slice(0, 20).map((issue) => ({
    path: z.core.toDotPath(issue.path),
    message: issue.message,
  }))
  const told = issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
  throw new ControlError(400, 'bad-input', `${what} does not fit: ${told.join('; ')}`, { issues })
}

function readSafely(text: string): unknown {
  if (text.trim() === '') return {}
  try {
    return parseJson(text)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new ControlError(400, 'not-json', `The body is not JSON: ${why.slice(0, 200)}`)
  }
}

async function readText(request: Request, bytesMax: number): Promise<string> {
  const tooLarge = () =>
    new ControlError(413, 'too-large', `The body is larger than ${bytesMax} bytes.`)
  if (Number(request.headers.get('content-length') ?? 0) > bytesMax) throw tooLarge()
  if (request.body === null) return ''
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of request.body) {
    bytes += chunk.length
    if (bytes > bytesMax) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
