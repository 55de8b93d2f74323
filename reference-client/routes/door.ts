import type { Context } from 'hono'
import type { z } from 'zod'
import { ShopRefusal } from '../refusal.ts'
import type { Visit } from '../site.ts'

/** What hangs on one request of the shop's Hono app. */
export type ShopEnv = { Variables: { visit: Visit } }
export type ShopContext = Context<ShopEnv>

/** The largest body the shop reads. */
export const bodyBytesMax = 256_000

/** The raw body, refused with 413 when it is too large. */
export async function readBytes(context: ShopContext): Promise<Uint8Array> {
  const announced = Number(context.req.header('content-length') ?? 0)
  if (announced > bodyBytesMax) throw tooLarge()
  const bytes = new Uint8Array(await context.req.arrayBuffer())
  if (bytes.byteLength > bodyBytesMax) throw tooLarge()
  return bytes
}

/** The JSON body in the shape asked for. Throws 400, 413 or 415. */
export async function readJson<T>(context: ShopContext, shape: z.ZodType<T>): Promise<T> {
  const bytes = await readBytes(context)
  if (bytes.byteLength === 0) throw new ShopRefusal(400, 'body-missing', 'A JSON body is missing.')
  requireJson(context)
  return parsed(shape, parseJson(bytes))
}

/** Throws 415 unless the body is said to be JSON. */
export function requireJson(context: ShopContext) {
  const type = context.req.header('content-type') ?? ''
  if (/^application\/json\s*(;|$)/i.test(type)) return
  throw new ShopRefusal(415, 'not-json', `Send application/json, not "${type.slice(0, 80)}".`)
}

/** Parses bytes as JSON; throws 400. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'not JSON'
    throw new ShopRefusal(400, 'bad-json', `The body is not JSON: ${why.slice(0, 200)}`)
  }
}

/** A value in the shape asked for; throws 400 with what is wrong and where. */
export function parsed<T>(shape: z.ZodType<T>, value: unknown): T {
  const result = shape.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const where = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `
  throw new ShopRefusal(400, 'invalid', `${where}${issue?.message ?? 'invalid'}`.slice(0, 300))
}

/** The customer of the request, named by the header `x-customer`. */
export function customerOf(context: ShopContext): string {
  const name = context.req.header('x-customer')
  if (name === undefined || name === '') {
    throw new ShopRefusal(401, 'customer-missing', 'Say who you are with the header x-customer.')
  }
  if (!/^[\w.@+-]{1,64}$/.test(name)) {
    throw new ShopRefusal(400, 'invalid', 'x-customer: letters, digits, . @ + - _, at most 64.')
  }
  return name
}

/** `?limit=`, bounded. */
export function limitOf(context: ShopContext, usual: number, max: number): number {
  const given = context.req.query('limit')
  if (given === undefined) return usual
  if (!/^\d{1,6}$/.test(given) || Number(given) < 1 || Number(given) > max) {
    throw new ShopRefusal(400, 'invalid', `limit: a number from 1 to ${max}.`)
  }
  return Number(given)
}

/** A page of the journey together with the partner calls it cost. */
export function page(context: ShopContext, model: object, status: 200 | 409 | 502 = 200) {
  return context.json({ ...model, calls: context.get('visit').trace }, status)
}

/** Normal weather: anybody can post to a public address. */
export function notVerified(c: ShopContext) {
  return c.json({ accepted: false, why: 'bad-signature' }, 401)
}

function tooLarge(): ShopRefusal {
  return new ShopRefusal(413, 'too-large', `A body has at most ${bodyBytesMax} bytes.`)
}
