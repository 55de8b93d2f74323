import { createHash, timingSafeEqual } from 'node:crypto'
import { Hono } from 'hono'
import { z } from 'zod'
import { takeStatus } from '../arvind-inbox.ts'
import { inventoryShape, updateInventory } from '../arvind-inventory.ts'
import { type ArvindSite, isModuleOn } from '../arvind-site.ts'
import { statusShape } from '../partners/arvind.ts'
import { unknownOrder } from '../payments.ts'
import { ShopRefusal } from '../refusal.ts'
import { arvindOf } from '../settings.ts'
import { logPartner } from '../site.ts'
import {
  parsed,
  parseJson,
  readBytes,
  requireJson,
  type ShopContext,
  type ShopEnv,
} from './door.ts'

/** What Arvind calls at the shop: its stock and the states of its items (arvind.md 3.1 and 3.7), answered in its own words. */
export function arvindInboundRoutes(site: ArvindSite) {
  return new Hono<ShopEnv>()
    .post('/api/arvind/update-inventory', (c) =>
      answer(
        c,
        async () => {
          const push = parsed(inventoryShape, await readUpdate(site, c))
          const { channel_id, warehouse_id } = arvindOf(site.settings)
          if (push.channelId !== channel_id) {
            throw new ShopRefusal(
              400,
              'INVALID_CHANNEL',
              'This is not the channel of this website.',
            )
          }
          if (push.warehouseId !== warehouse_id) {
            throw new ShopRefusal(400, 'INVALID_WAREHOUSE', 'This website has another warehouse.')
          }
          return updateInventory(site, push)
        },
        logRefusal(site, 'update-inventory'),
      ),
    )
    .post('/api/arvind/order-status', (c) =>
      answer(
        c,
        async () => {
          const bytes = await readBytes(c)
          if (!mayTell(site, c)) throw unauthorized()
          requireJson(c)
          const event = parsed(statusShape, parseJson(bytes))
          // Without an id of its own, the same bytes are the same event.
          const eventId = event.eventId ?? createHash('sha256').update(bytes).digest('hex')
          const { outcome, retry } = takeStatus(site, event, eventId)
          if (retry) throw unknownOrder(event.orderReference)
          return { status: true, outcome }
        },
        logRefusal(site, 'order-status'),
      ),
    )
}

/** The body of update inventory from somebody who may send one (switch `inventory_auth`). A module that is off reads none. */
async function readUpdate(site: ArvindSite, c: ShopContext): Promise<unknown> {
  const isInBody = site.switches.inventory_auth === 'body'
  if (!isInBody && !isBasic(site, c.req.header('authorization'))) throw unauthorized()
  if (!isModuleOn(site)) throw new ShopRefusal(403, 'MODULE_DISABLED', 'The module is off.')
  const bytes = await readBytes(c)
  requireJson(c)
  const json = parseJson(bytes)
  if (!isInBody) return json
  const told = z.object({ username: z.string(), password: z.string() }).safeParse(json)
  if (!told.success) throw unauthorized()
  const { username, password } = told.data
  if (!isAccount(site, `${username}:${password}`)) throw unauthorized()
  return json
}

/** Whether a status webhook comes from who it says (switch `webhook_auth`). */
function mayTell(site: ArvindSite, c: ShopContext): boolean {
  switch (site.switches.webhook_auth) {
    case 'none':
      return true
    case 'basic':
      return isBasic(site, c.req.header('authorization'))
    case 'shared_header':
      return isAccount(
        site,
        `${arvindOf(site.settings).username}:${c.req.header('x-arvind-secret')}`,
      )
  }
}

function isBasic(site: ArvindSite, header: string | undefined): boolean {
  const [scheme = '', encoded = ''] = (header ?? '').trim().split(/\s+/)
  if (scheme.toLowerCase() !== 'basic') return false
  return isAccount(site, Buffer.from(encoded, 'base64').toString('utf8'))
}

/** Compared in constant time. An account without a password lets nobody in. */
function isAccount(site: ArvindSite, given: string): boolean {
  const { username, password } = arvindOf(site.settings)
  if (username === '' || password === '') return false
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(`${username}:${password}`), hash(given))
}

function unauthorized() {
  return new ShopRefusal(401, 'UNAUTHORIZED', 'Wrong username or password.')
}

/** Every refusal in the partner's own shape, and a line in the log: a wrong password is somebody's question tomorrow. */
async function answer(
  c: ShopContext,
  work: () => Promise<object>,
  log: (refusal: ShopRefusal) => void,
) {
  try {
    return c.json(await work())
  } catch (error) {
    if (!(error instanceof ShopRefusal)) throw error
    log(error)
    const errorCode = error.code.replaceAll('-', '_').toUpperCase()
    return c.json({ status: false, errorCode, message: error.message }, error.status)
  }
}

function logRefusal(site: ArvindSite, operation: string) {
  return (refusal: ShopRefusal) => {
    site.storage.transaction('log-refusal', () =>
      logPartner(site.storage, site.nowMs(), {
        direction: 'in',
        partner: 'arvind',
        operation,
        orderId: null,
        attempt: 1,
        status: refusal.status,
        outcome: 'refused',
        detail: `${refusal.code}: ${refusal.message}`.slice(0, 500),
      }),
    )
  }
}
