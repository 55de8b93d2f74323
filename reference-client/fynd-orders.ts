import type { FyndSite } from './fynd-site.ts'
import type { Address, Order } from './model.ts'
import { itemRows, type OrderRow, orderRow, showOrder } from './orders.ts'
import type { Placed, WireOrder } from './partners/fynd.ts'
import { wireMoney } from './partners/money.ts'
import { gofyndOf } from './settings.ts'
import type { Storage } from './storage.ts'

/** The F4 body of an order, written down at the first attempt and the same bytes ever after. In a transaction. */
export function placingBody(site: FyndSite, id: string): string {
  const { storage } = site
  const order = orderRow(storage, id)
  if (order.placing_body !== null) return order.placing_body
  const body = JSON.stringify(renderOrder(site, order))
  storage.run('UPDATE orders SET placing_body = ? WHERE id = ?', body, id)
  return body
}

/** Keeps what F4 answered; in a transaction. */
export function keepPlaced(site: FyndSite, id: string, placed: Placed) {
  learnFyndOrderId(site, id, placed.fynd_order_id)
  for (const shipment of placed.shipments ?? []) {
    for (const bag of shipment.bags) {
      // A webhook may have told a newer shipment already; it is the later word.
      site.storage.run(
        `UPDATE items SET bag_id = coalesce(bag_id, ?), shipment_id = coalesce(shipment_id, ?)
         WHERE order_id = ? AND affiliate_bag_id = ?`,
        bag.bag_id,
        shipment.shipment_id,
        id,
        bag.affiliate_bag_id,
      )
    }
  }
}

/** Keeps the partner's id of an order, once; in a transaction. */
export function learnFyndOrderId(site: FyndSite, id: string, fyndOrderId: string) {
  site.storage.run(
    'UPDATE orders SET fynd_order_id = ?, modified_at = ? WHERE id = ? AND fynd_order_id IS NULL',
    fyndOrderId,
    site.nowMs(),
    id,
  )
}

/** The order of a FYND website as the admin surface shows it. */
export function showFyndOrder(storage: Storage, row: OrderRow): Order {
  const order = showOrder(storage, row, (item) => ({
    affiliate_bag_id: item.affiliate_bag_id,
    bag_id: item.bag_id,
    shipment_id: item.shipment_id,
    courier: item.courier,
    awb_no: item.awb,
  }))
  return { ...order, fynd_order_id: row.fynd_order_id }
}

/** F4 (fynd.md): one bag for each unit, amounts as plain numbers. */
function renderOrder(site: FyndSite, order: OrderRow): WireOrder {
  const { pincode, ...rest } = JSON.parse(order.address) as Address
  const address = { ...rest, phone: rest.mobile, pincode }
  const items = itemRows(site.storage, order.id).map((item) => ({
    ...item,
    // An option that is unmapped meanwhile has no price any more; what is paid for it stands.
    priceMinor: site.range.isMapped(item.sku)
      ? Math.max(site.range.unit(item.sku).priceMinor, item.amount_minor)
      : item.amount_minor,
  }))
  const fullMinor = items.reduce((sum, item) => sum + item.priceMinor, 0)
  return {
    affiliate_id: gofyndOf(site.settings).affiliate_id,
    order_info: {
      affiliate_order_id: order.id,
      payment_mode: order.payment_mode,
      order_value: wireMoney(order.total_minor),
      cod_charges: 0,
      delivery_charges: 0,
      discount: wireMoney(fullMinor - order.total_minor),
      shipping_address: address,
      billing_address: address,
      bags: items.map((item) => {
        const price = wireMoney(item.priceMinor)
        return {
          affiliate_bag_id: item.affiliate_bag_id,
          sku: item.sku,
          seller_identifier: item.sku,
          item_size: item.size,
          quantity: 1,
          price_marked: price,
          price_effective: price,
          unit_price: price,
          amount_paid: wireMoney(item.amount_minor),
          discount: wireMoney(item.priceMinor - item.amount_minor),
          delivery_charge: 0,
          transfer_price: price,
        }
      }),
    },
  }
}
