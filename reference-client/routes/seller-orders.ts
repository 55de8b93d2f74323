import { Hono } from 'hono'
import { z } from 'zod'
import { hasCourier } from '../konnect/courier-poll.ts'
import type { OrderHint } from '../konnect/order-hint.ts'
import {
  assignInvoiceNumber,
  type OrderOperation,
  pushedStatuses,
} from '../konnect/order-operations.ts'
import { refreshOrder } from '../konnect/order-poll.ts'
import type { OrderWork, WorkRow } from '../konnect/order-work.ts'
import {
  findSellerOrder,
  liveLines,
  type SellerOrderRow,
  showSellerOrder,
} from '../konnect/seller-orders.ts'
import type { SellerSite } from '../konnect/seller-site.ts'
import { PartnerError } from '../partners/errors.ts'
import { ShopRefusal } from '../refusal.ts'
import type { Visit } from '../site.ts'
import { limitOf, readBytes, readJson, type ShopContext, type ShopEnv } from './door.ts'

export type SellerRooms = { site: SellerSite; work: OrderWork; hint: OrderHint }

const text = z.string().trim().min(1).max(200)
const orderItemId = z.string().min(1).max(100)
const quantity = z.int().min(1).max(1_000_000)

const confirmShape = z.object({
  lines: z
    .array(z.object({ order_item_id: orderItemId, quantity }))
    .min(1)
    .max(1_000)
    .optional(),
})

const invoiceShape = z.object({
  invoice_number: text.optional(),
  irn_number: text.optional(),
  qr_code: z.string().max(5_000).optional(),
  packages: z
    .array(
      z.object({
        package_id: text,
        length_cm: z.number().positive().optional(),
        width_cm: z.number().positive().optional(),
        height_cm: z.number().positive().optional(),
        weight_g: z.number().positive().optional(),
      }),
    )
    .max(100)
    .optional(),
})

const packShape = z.object({ wait_for_courier: z.boolean().default(true) })

const awbShape = z.object({
  awb_number: text,
  courier_name: text,
  auto_dispatch: z.boolean().default(false),
})

const statusShape = z.object({
  status: z.string().refine((status) => Object.hasOwn(pushedStatuses, status), {
    message: `one of ${Object.keys(pushedStatuses).join(', ')}`,
  }),
  remark: text.optional(),
  reason_code: z.int().optional(),
  location: text.optional(),
  promised_delivery_date: text.optional(),
  estimated_delivery_date: text.optional(),
})

const cancelShape = z.object({
  reason_code: z.enum(['6', '7', '8', '9', 'NA']),
  lines: z
    .array(z.object({ order_item_id: orderItemId, quantity: quantity.optional() }))
    .min(1)
    .max(1_000)
    .optional(),
})

const qcShape = z.object({
  lines: z
    .array(
      z.object({
        order_item_id: orderItemId,
        quantity: quantity.optional(),
        reason: z.string().max(100).default(''),
      }),
    )
    .max(1_000)
    .default([]),
})

const creditNoteShape = z.object({ credit_note_number: text.optional() })

const trackingKeptMs = 5 * 60_000

/** Order and return work (kartify.md 11). */
export function sellerOrderRoutes(rooms: SellerRooms) {
  return new Hono<ShopEnv>()
    .route('/', readRoutes(rooms))
    .route('/', forwardRoutes(rooms))
    .route('/', selfShipRoutes(rooms))
    .route('/', returnRoutes(rooms))
}

function readRoutes({ site }: SellerRooms) {
  const tracked = new Map<string, { tracking: object; atMs: number }>()
  return new Hono<ShopEnv>()
    .get('/seller/orders', (c) => c.json(listOrders(site, c)))
    .get('/seller/orders/:id', (c) => {
      const { id } = requireOrder(site, c.req.param('id'))
      return c.json(showSellerOrder(site.storage, id))
    })
    .get('/seller/orders/:id/label', (c) => document(site, c, 'label'))
    .get('/seller/orders/:id/invoice', (c) => document(site, c, 'customerInvoice'))
    .get('/seller/orders/:id/track', async (c) => {
      const { id, location } = requireOrder(site, c.req.param('id'))
      const { trace } = c.get('visit')
      const known = tracked.get(id)
      if (known !== undefined && site.nowMs() - known.atMs < trackingKeptMs) {
        return c.json({ tracking: known.tracking, calls: trace })
      }
      const access = site.konnect.accessOf(location)
      const tracking = await site.konnect.track(id, access, { trace, orderId: id })
      for (const [key, { atMs }] of tracked) {
        if (site.nowMs() - atMs >= trackingKeptMs) tracked.delete(key)
      }
      tracked.set(id, { tracking, atMs: site.nowMs() })
      return c.json({ tracking, calls: trace })
    })
}

function forwardRoutes(rooms: SellerRooms) {
  const { site } = rooms
  return new Hono<ShopEnv>()
    .post('/seller/orders/:id/confirm', async (c) => {
      const { lines } = await readMaybe(c, confirmShape)
      const wanted = lines?.map((line) => ({
        orderItemId: line.order_item_id,
        quantity: line.quantity,
      }))
      return perform(rooms, c, 'confirm', { body: { lines: wanted ?? null }, checkLock: true })
    })
    .post('/seller/orders/:id/invoice', async (c) => {
      const given = await readMaybe(c, invoiceShape)
      const extra = {
        ...(given.irn_number !== undefined && { irnNumber: given.irn_number }),
        ...(given.qr_code !== undefined && { invoiceQrCode: given.qr_code }),
        ...(given.packages !== undefined && { packages: given.packages.map(wirePackage) }),
      }
      return perform(rooms, c, 'invoice', {
        body: { extra },
        checkLock: true,
        before: (row) => numberFor(site, row.id, 'sale', given.invoice_number),
      })
    })
    .post('/seller/orders/:id/pack', async (c) => {
      const { wait_for_courier: isPatient } = await readMaybe(c, packShape)
      const { id, status } = requireOrder(site, c.req.param('id'))
      // Konnect packs only what a courier is assigned to (CR400); it is found some time after the invoice.
      if (isPatient && status === 'PROCESSING' && !(await hasCourier(site, c.get('visit'), id))) {
        return refuse(site, c, id, 'courier-pending', 'No courier is assigned yet; try later.')
      }
      return perform(rooms, c, 'pack', { body: {}, checkLock: true })
    })
    .post('/seller/orders/:id/dispatch', async (c) => {
      await readMaybe(c, z.object({}))
      return perform(rooms, c, 'dispatch', { body: {}, checkLock: true })
    })
    .post('/seller/orders/:id/cancel', async (c) => {
      const { reason_code: reasonCode, lines } = await readJson(c, cancelShape)
      const { id } = requireOrder(site, c.req.param('id'))
      const known = new Map(liveLines(site.storage, id).map((line) => [line.id, line.quantity]))
      const wanted = lines ?? [...known.keys()].map((key) => ({ order_item_id: key }))
      const cancelled = wanted.map(
        (line: { order_item_id: string; quantity?: number | undefined }) => ({
          orderItemId: line.order_item_id,
          quantity: line.quantity ?? known.get(line.order_item_id) ?? 1,
          reasonCode,
        }),
      )
      return perform(rooms, c, 'cancel', {
        key: lines === undefined ? '' : JSON.stringify(cancelled),
        body: { isWhole: lines === undefined, lines: cancelled, had: Object.fromEntries(known) },
      })
    })
}

function selfShipRoutes(rooms: SellerRooms) {
  return new Hono<ShopEnv>()
    .post('/seller/orders/:id/awb', async (c) => {
      const given = await readJson(c, awbShape)
      return perform(rooms, c, 'awb', {
        // Told to dispatch only now, it is another piece of work.
        key: `${given.awb_number}${given.auto_dispatch ? ' dispatch' : ''}`,
        body: {
          awbNumber: given.awb_number,
          courierName: given.courier_name,
          autoDispatch: given.auto_dispatch,
        },
      })
    })
    .post('/seller/orders/:id/status', async (c) => {
      const { status, remark, reason_code, location, ...dates } = await readJson(c, statusShape)
      const meta = {
        ...(remark !== undefined && { remark }),
        ...(reason_code !== undefined && { reasonCode: reason_code }),
        ...(location !== undefined && { dpLocation: location }),
        ...dates,
      }
      return perform(rooms, c, 'status', {
        key: status,
        body: { orderStatus: status, ...(Object.keys(meta).length > 0 && { meta }) },
      })
    })
}

function returnRoutes(rooms: SellerRooms) {
  const { site } = rooms
  return new Hono<ShopEnv>()
    .post('/seller/returns/:id/qc', async (c) => {
      const { lines } = await readMaybe(c, qcShape)
      const { id } = requireOrder(site, c.req.param('id'))
      return perform(rooms, c, 'qc', { body: { lines: checkedLines(site, id, lines) } })
    })
    .post('/seller/returns/:id/credit-note', async (c) => {
      const { credit_note_number: given } = await readMaybe(c, creditNoteShape)
      return perform(rooms, c, 'credit-note', {
        body: { extra: {} },
        before: (row) => numberFor(site, row.id, 'return', given),
      })
    })
}

type Wanted = {
  body: object
  /** Tells two pieces of work of one operation on one order apart. */
  key?: string
  checkLock?: boolean
  /** What must be written down together with the work. */
  before?: (row: SellerOrderRow) => void
}

/** Writes the work down, tries it at once, and answers how it stands: done, refused by Konnect, or kept and sent again. */
async function perform(
  { site, work, hint }: SellerRooms,
  c: ShopContext,
  operation: OrderOperation,
  { body, key = '', checkLock = false, before }: Wanted,
) {
  const visit = c.get('visit')
  const row = requireOrder(site, c.req.param('id') ?? '')
  const { id } = row
  if (checkLock && !isDone(site, operation, id, key) && (await isLocked(site, visit, row))) {
    return refuse(site, c, id, 'locked', 'Konnect holds the shipment against changes; try later.')
  }
  const number = site.storage.transaction(`${operation}-asked`, () => {
    before?.(row)
    return work.enqueue(operation, id, key, body)
  })
  const wasDone = isDone(site, operation, id, key)
  const outcome = await work.attemptNow(number, visit)
  if (outcome.state === 'done') {
    if (!wasDone) await readAgain(site, visit, id)
    return c.json({ done: true, ...shown(site, id, visit) })
  }
  work.wake()
  if (outcome.state === 'waiting') return c.json({ done: false, ...shown(site, id, visit) }, 202)
  // Not at this store any more: the lists say where it is.
  if (/422$/.test(outcome.code ?? '') && outcome.code !== 'IN422') hint.take()
  return refuse(site, c, id, outcome.code ?? 'refused', outcome.last_error ?? 'Konnect refused.')
}

function isDone(site: SellerSite, operation: string, id: string, key: string): boolean {
  const row = site.storage.get<Pick<WorkRow, 'state'>>(
    'SELECT state FROM seller_work WHERE operation = ? AND subject = ? AND key = ?',
    operation,
    id,
    key,
  )
  return row?.state === 'done'
}

/** Konnect advises to look before a write; when it does not answer, the write itself will tell. */
async function isLocked(site: SellerSite, visit: Visit, row: SellerOrderRow): Promise<boolean> {
  const access = site.konnect.accessOf(row.location)
  try {
    return await site.konnect.isLocked(row.id, access, { trace: visit.trace, orderId: row.id })
  } catch (error) {
    if (!(error instanceof PartnerError)) throw error
    return false
  }
}

async function readAgain(site: SellerSite, visit: Visit, id: string) {
  try {
    await refreshOrder(site, visit, id)
  } catch (error) {
    // What was asked for is done; the next poll reads the rest.
    if (!(error instanceof PartnerError)) throw error
  }
}

function shown(site: SellerSite, id: string, visit: Visit) {
  return { order: showSellerOrder(site.storage, id), calls: visit.trace }
}

function refuse(site: SellerSite, c: ShopContext, id: string, code: string, message: string) {
  return c.json({ error: { code, message }, ...shown(site, id, c.get('visit')) }, 409)
}

function requireOrder(site: SellerSite, id: string): SellerOrderRow {
  const row = findSellerOrder(site.storage, id)
  if (row === undefined)
    throw new ShopRefusal(404, 'unknown-order', `No order ${id.slice(0, 100)}.`)
  return row
}

async function document(site: SellerSite, c: ShopContext, which: 'label' | 'customerInvoice') {
  const { id, location } = requireOrder(site, c.req.param('id') ?? '')
  const context = { trace: c.get('visit').trace, orderId: id }
  const answer = await site.konnect[which](id, site.konnect.accessOf(location), context)
  if ('code' in answer) return refuse(site, c, id, answer.code, answer.message)
  return c.body(new Uint8Array(answer.bytes), 200, { 'content-type': 'application/pdf' })
}

function listOrders(site: SellerSite, c: ShopContext) {
  const filter = (name: string) => c.req.query(name) ?? null
  const [status, kind, location] = [filter('status'), filter('kind'), filter('location')]
  const rows = site.storage.all<{ id: string }>(
    `SELECT id FROM seller_orders WHERE (? IS NULL OR status = ?) AND (? IS NULL OR kind = ?)
     AND (? IS NULL OR location = ?) ORDER BY number LIMIT ?`,
    status,
    status,
    kind,
    kind,
    location,
    location,
    limitOf(c, 10_000, 100_000),
  )
  return { orders: rows.map(({ id }) => showSellerOrder(site.storage, id)) }
}

/** Every live line with its condition; what is not named is good, also the rest of a line that is named in part. */
function checkedLines(
  site: SellerSite,
  id: string,
  named: z.infer<typeof qcShape>['lines'],
): { orderItemId: string; quantity: number; reasonCode: string }[] {
  const lines = liveLines(site.storage, id)
  const unknown = named.find((part) => !lines.some((line) => line.id === part.order_item_id))
  if (unknown !== undefined) {
    throw new ShopRefusal(400, 'unknown-line', `No line ${unknown.order_item_id} in ${id}.`)
  }
  return lines.flatMap((line) => {
    const parts = named
      .filter((part) => part.order_item_id === line.id)
      .map((part) => ({
        orderItemId: line.id,
        quantity: part.quantity ?? line.quantity,
        reasonCode: part.reason,
      }))
    const rest = line.quantity - parts.reduce((sum, part) => sum + part.quantity, 0)
    if (rest < 0) {
      throw new ShopRefusal(400, 'too-many', `Line ${line.id} has ${line.quantity} units.`)
    }
    return rest === 0 ? parts : [...parts, { orderItemId: line.id, quantity: rest, reasonCode: '' }]
  })
}

function numberFor(
  site: SellerSite,
  id: string,
  type: 'sale' | 'return',
  given: string | undefined,
) {
  const taken = site.storage.get(
    'SELECT 1 FROM seller_invoices WHERE invoice_number = ? AND NOT (order_id = ? AND type = ?)',
    given ?? null,
    id,
    type,
  )
  if (taken !== undefined) {
    throw new ShopRefusal(409, 'number-taken', `Another order has the number ${given}.`)
  }
  assignInvoiceNumber(site, id, type, given)
}

function wirePackage(one: NonNullable<z.infer<typeof invoiceShape>['packages']>[number]) {
  return {
    packageId: one.package_id,
    ...(one.length_cm !== undefined && { packageLengthCm: one.length_cm }),
    ...(one.width_cm !== undefined && { packageWidthCm: one.width_cm }),
    ...(one.height_cm !== undefined && { packageHeightCm: one.height_cm }),
    ...(one.weight_g !== undefined && { packageWeightGms: one.weight_g }),
  }
}

/** A body that may be left out: then every value has its default. */
async function readMaybe<T>(c: ShopContext, shape: z.ZodType<T>): Promise<T> {
  const bytes = await readBytes(c)
  if (bytes.byteLength > 0) return readJson(c, shape)
  return shape.parse({})
}
