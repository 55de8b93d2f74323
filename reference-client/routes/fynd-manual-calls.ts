import { Hono } from 'hono'
import { z } from 'zod'
import { valueMinor } from '../checkout.ts'
import { askServiceability } from '../fynd-checkout.ts'
import type { FyndSite } from '../fynd-site.ts'
import type { Address } from '../model.ts'
import { currentPayment, dropRefusal, itemRows, moveOrder, type OrderRow } from '../orders.ts'
import type { Outbox } from '../outbox.ts'
import { type Answer, PartnerError } from '../partners/errors.ts'
import { stockSkusMax } from '../partners/fynd.ts'
import { unknownOrder } from '../payments.ts'
import { readJson, type ShopContext, type ShopEnv } from './door.ts'
import { requireOrder } from './order-lists.ts'

const fyndOrderShape = z.object({ fynd_order_id: z.string().trim().min(1).max(100) })

const confirmShape = fyndOrderShape.extend({
  /** Instead of what the shop knows of the payment. */
  amount_minor: z.int().min(1).max(1_000_000_000).optional(),
})

/** System >> Tools >> Fynd API (kartify.md 2): the operator calls FYND by hand and sees the raw answer. */
export function fyndManualRoutes(site: FyndSite, outbox: Outbox) {
  const byFyndId = (id: string) =>
    site.storage.get<OrderRow>('SELECT * FROM orders WHERE fynd_order_id = ?', id)
  return new Hono<ShopEnv>()
    .post('/admin/fynd/stock-status', async (c) => {
      const sku = z.string().min(1).max(100)
      const shape = z.object({ sku_codes: z.array(sku).min(1).max(stockSkusMax) })
      const { sku_codes: skus } = await readJson(c, shape)
      return raw(c, () => site.fynd.raw.stockStatus(skus, c.get('visit')))
    })
    .post('/admin/fynd/serviceability', async (c) => {
      const shape = z.object({ order_id: z.string().min(1).max(100) })
      const order = requireOrder(site.storage, (await readJson(c, shape)).order_id)
      const address: Address = JSON.parse(order.address)
      const lines = itemRows(site.storage, order.id)
      const paymentMode = order.payment_mode
      const fullMinor = valueMinor(site, lines)
      const offMinor = fullMinor - order.total_minor
      const question = askServiceability(site, { lines, address, paymentMode, offMinor })
      return raw(c, () =>
        site.fynd.raw.serviceability(question, { ...c.get('visit'), orderId: order.id }),
      )
    })
    .post('/admin/fynd/confirm-payment', async (c) => {
      const { fynd_order_id: fyndOrderId, amount_minor } = await readJson(c, confirmShape)
      const order = byFyndId(fyndOrderId)
      const payment = order && currentPayment(site.storage, order.id)
      const amountMinor = amount_minor ?? payment?.amount_minor ?? order?.total_minor
      // What the operator typed is sent as typed; only an amount has to come from somewhere.
      if (amountMinor === undefined) throw unknownOrder(fyndOrderId)
      return raw(c, async () => {
        const answer = await site.fynd.raw.confirmPayment(
          { fyndOrderId, paymentId: payment?.payment_id ?? 'by-hand', amountMinor },
          { ...c.get('visit'), ...(order && { orderId: order.id }) },
        )
        if (order && isSuccess(answer)) {
          site.storage.transaction('confirm-by-hand', () => {
            outbox.settle('confirm-payment', order.id)
            dropRefusal(site, order.id)
            moveOrder(site, order.id, 'processed', 'payment confirmed by hand')
          })
        }
        return answer
      })
    })
    .post('/admin/fynd/track-order', async (c) => {
      const { fynd_order_id: fyndOrderId } = await readJson(c, fyndOrderShape)
      const order = byFyndId(fyndOrderId)
      return raw(c, () =>
        site.fynd.raw.trackOrder(fyndOrderId, {
          ...c.get('visit'),
          ...(order && { orderId: order.id }),
        }),
      )
    })
}

async function raw(c: ShopContext, call: () => Promise<Answer>) {
  try {
    const answer = await call()
    return c.json({ status: answer.status, body: answer.json ?? answer.text.slice(0, 2_000) })
  } catch (error) {
    if (!(error instanceof PartnerError)) throw error
    return c.json({ status: null, body: null, why: error.message }, 502)
  }
}

function isSuccess(answer: Answer): boolean {
  const { json } = answer
  const isTold = typeof json === 'object' && json !== null && 'success' in json
  return answer.status === 200 && isTold && json.success === true
}
