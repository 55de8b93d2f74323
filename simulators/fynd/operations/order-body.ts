import { Refusal } from '../../core/refusal.ts'
import { readMoney } from '../money.ts'
import type { Address, OrderLine, OrderRequest } from '../state.ts'

/** F4's body as the document has checked it; unknown members may be there and are ignored. */
export interface OrderBody {
  affiliate_id: string
  order_info: {
    affiliate_order_id: string
    payment_mode: 'COD' | 'PREPAID'
    order_value: number
    cod_charges?: number
    delivery_charges?: number
    discount?: number
    coupon?: string | null
    shipping_address: Partial<Record<keyof Address, string | null>> & { pincode: string }
    billing_address: Partial<Record<keyof Address, string | null>> & { pincode: string }
    bags: {
      affiliate_bag_id: string
      sku: string
      seller_identifier: string
      item_size: string
      quantity: number
      price_marked: number
      price_effective: number
      unit_price: number
      amount_paid: number
      discount: number
      delivery_charge: number
      transfer_price: number
      hsn_code_id?: string | null
    }[]
    meta?: Record<string, unknown> | null
  }
}

const metaKeysMax = 50

/** Takes what FYND reads out of the body, money in paise. Refuses two bags with one affiliate bag id. */
export function parseOrder(body: OrderBody): OrderRequest {
  const info = body.order_info
  const minor = moneyOf(info, 'order_info')
  const ids = new Set(info.bags.map((bag) => bag.affiliate_bag_id))
  if (ids.size !== info.bags.length) {
    throw new Refusal('invalid', 'affiliate_bag_id must be different in each bag')
  }
  return {
    affiliateOrderId: info.affiliate_order_id,
    paymentMode: info.payment_mode,
    valueMinor: minor('order_value'),
    codMinor: minor('cod_charges'),
    deliveryMinor: minor('delivery_charges'),
    discountMinor: minor('discount'),
    coupon: info.coupon ?? '',
    shipping: parseAddress(info.shipping_address),
    billing: parseAddress(info.billing_address),
    lines: info.bags.map(parseLine),
    meta: parseMeta(info.meta ?? {}),
  }
}

/** Money fields of one object that stands at `place`, in paise; one that is left out is 0 (facts/fynd.md 7.1). */
const moneyOf =
  <Field extends string>(from: Partial<Record<Field, unknown>>, place: string) =>
  (field: Field): number => {
    const rupees = from[field]
    return typeof rupees === 'number' ? readMoney(rupees, `${place}/${field}`) : 0
  }

const parseAddress = (address: OrderBody['order_info']['shipping_address']): Address => ({
  first_name: address.first_name ?? '',
  last_name: address.last_name ?? '',
  email: address.email ?? '',
  mobile: address.mobile ?? '',
  phone: address.phone ?? '',
  address1: address.address1 ?? '',
  address2: address.address2 ?? '',
  city: address.city ?? '',
  state: address.state ?? '',
  country: address.country ?? '',
  pincode: address.pincode,
})

function parseLine(bag: OrderBody['order_info']['bags'][number], index: number): OrderLine {
  const minor = moneyOf(bag, `order_info/bags/${index}`)
  return {
    affiliateBagId: bag.affiliate_bag_id,
    sku: bag.sku,
    sellerIdentifier: bag.seller_identifier,
    size: bag.item_size,
    quantity: bag.quantity,
    markedMinor: minor('price_marked'),
    effectiveMinor: minor('price_effective'),
    unitMinor: minor('unit_price'),
    paidMinor: minor('amount_paid'),
    discountMinor: minor('discount'),
    deliveryMinor: minor('delivery_charge'),
    transferMinor: minor('transfer_price'),
    hsnCode: bag.hsn_code_id ?? '',
  }
}

/** Only plain values under plain names: it is kept and echoed, and nothing in it may reach a prototype. */
function parseMeta(meta: Record<string, unknown>): OrderRequest['meta'] {
  const kept: OrderRequest['meta'] = {}
  for (const [key, value] of Object.entries(meta).slice(0, metaKeysMax)) {
    if (key === '__proto__' || key === 'constructor' || key === 'prototype') continue
    const isPlain = value === null || ['string', 'number', 'boolean'].includes(typeof value)
    if (isPlain) kept[key] = value as string | number | boolean | null
  }
  return kept
}
