import { Hono } from 'hono'
import { ShopRefusal } from './refusal.ts'
import type { ShopEnv } from './routes/door.ts'
import { ShopStopped } from './site.ts'
import type { Storage } from './storage.ts'

/** What stands before the rooms of every site: health, refusals in one shape, 404 and 405, and silence once the storage is dead. */
export function openFrontDoor(options: {
  site: string
  storage: Storage
  nowMs(): number
  /** Told of an error that is the shop's own. What it says (a line of SQL, a path) is for whoever runs the shop, and leaves in no answer. */
  report(error: Error): void
  rooms: Hono<ShopEnv>[]
}): (request: Request) => Promise<Response> {
  const { site, storage, nowMs, report, rooms } = options
  const app = new Hono<ShopEnv>()
    .use(async (c, next) => {
      c.set('visit', { trace: [] })
      await next()
    })
    .get('/health', (c) => c.json({ ok: true, site, now_ms: nowMs() }))
  for (const room of rooms) app.route('/', room)
  app.notFound((c) => {
    const allowed = methodsOf(app, c.req.path)
    const error = (code: string, message: string) => ({ error: { code, message } })
    if (allowed.length === 0) return c.json(error('not-found', `Nothing at ${c.req.path}.`), 404)
    c.header('allow', allowed.join(', '))
    return c.json(error('method-not-allowed', `${c.req.method} is not for ${c.req.path}.`), 405)
  })
  app.onError((error, c) => {
    if (storage.isDead()) throw error
    if (error instanceof ShopRefusal) {
      const { code, message, status } = error
      return c.json({ error: { code, message }, calls: c.get('visit').trace }, status)
    }
    report(error)
    const message = 'The shop made a mistake. Whoever runs it finds it in the log.'
    return c.json({ error: { code: 'bug', message } }, 500)
  })
  return async (request) => {
    if (storage.isDead()) throw new ShopStopped()
    const response = await app.fetch(request)
    if (storage.isDead()) throw new ShopStopped()
    return response
  }
}

/** The methods that a path has; a path with parameters matches segment by segment. */
function methodsOf(app: Hono<ShopEnv>, path: string): string[] {
  const segments = path.split('/')
  const matching = app.routes.filter(({ method, path: pattern }) => {
    const wanted = pattern.split('/')
    return (
      method !== 'ALL' &&
      wanted.length === segments.length &&
      wanted.every((part, index) => part.startsWith(':') || part === segments[index])
    )
  })
  return [...new Set(matching.map((route) => route.method))]
}
