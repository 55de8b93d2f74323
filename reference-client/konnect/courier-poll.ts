import { limits } from '../partners/konnect.ts'
import { readAwb } from '../partners/konnect-shapes.ts'
import type { Access } from '../partners/konnect-token.ts'
import type { Visit } from '../site.ts'
import { courierFirstMs } from './order-operations.ts'
import { awbNumbers, keepCourier, type SellerOrderRow, sellerOrder } from './seller-orders.ts'
import type { SellerSite } from './seller-site.ts'

export type CourierReport = { asked: number; assigned: number; waiting: number }

const intervalMaxMs = 30 * 60_000

/** The wait before the next question: 1, 2, 4, … 30 minutes (konnect.md 2.25 wants growing intervals). */
export function courierIntervalMs(asks: number): number {
  return Math.min(intervalMaxMs, courierFirstMs * 2 ** Math.min(asks, 20))
}

/** Asks for the couriers of invoiced orders; `which` is what is due by now, or every order that waits for one. */
export async function pollCouriers(
  site: SellerSite,
  visit: Visit,
  which: 'due' | 'all',
): Promise<CourierReport> {
  const { storage } = site
  const waiting = storage.all<SellerOrderRow>(
    `SELECT * FROM seller_orders WHERE kind = 'forward' AND status = 'PROCESSING' AND is_self_ship = 0 AND awb_numbers = '[]'
     AND (? = 'all' OR courier_due_at IS NULL OR courier_due_at <= ?) ORDER BY number`,
    which,
    site.nowMs(),
  )
  const report: CourierReport = { asked: waiting.length, assigned: 0, waiting: 0 }
  const groups = new Map<Access, string[]>()
  for (const { id, location } of waiting) {
    const access = site.konnect.accessOf(location)
    groups.set(access, [...(groups.get(access) ?? []), id])
  }
  for (const [access, ids] of groups) {
    for (let start = 0; start < ids.length; start += limits.orders) {
      const chunk = ids.slice(start, start + limits.orders)
      const assigned = await askCouriers(site, visit, access, chunk)
      report.assigned += assigned
      report.waiting += chunk.length - assigned
    }
  }
  return report
}

/** True once the order has a courier, asking Konnect when we know of none. */
export async function hasCourier(site: SellerSite, visit: Visit, id: string): Promise<boolean> {
  const row = sellerOrder(site.storage, id)
  if (awbNumbers(row).length > 0) return true
  return (await askCouriers(site, visit, site.konnect.accessOf(row.location), [id])) === 1
}

async function askCouriers(
  site: SellerSite,
  visit: Visit,
  access: Access,
  ids: string[],
): Promise<number> {
  const couriers = await site.persist(`couriers/${ids[0]}`, visit.trace, (context) =>
    site.konnect.couriers(ids, access, context),
  )
  const byId = new Map(couriers.map((courier) => [courier.orderId, courier]))
  return site.storage.transaction('couriers-read', () => {
    let assigned = 0
    for (const id of ids) {
      const courier = byId.get(id)
      const numbers = readAwb(courier?.awbNumber)
      if (courier !== undefined && numbers.length > 0) {
        const { courierName: name, courierCode: code } = courier
        keepCourier(site, id, { name, code, awbNumbers: numbers })
        assigned += 1
        continue
      }
      const { courier_asks: asks } = sellerOrder(site.storage, id)
      site.storage.run(
        'UPDATE seller_orders SET courier_asks = ?, courier_due_at = ? WHERE id = ?',
        asks + 1,
        site.nowMs() + courierIntervalMs(asks + 1),
        id,
      )
    }
    return assigned
  })
}
