import { z } from 'zod'
import type { Act } from '../core/partner.ts'
import { Refusal } from '../core/refusal.ts'
import { konnectAct } from './konnect-act.ts'
import { orderActs } from './order-acts.ts'
import { productActs } from './product-acts.ts'
import { assignNow, bringCouriersBack } from './rules/couriers.ts'
import { ownRow, rowAt, writeQuantity } from './rules/stock.ts'
import { describeOrder, selection, selectOrder } from './selection.ts'
import { checkLocation, checkSku, settingsActs } from './settings-acts.ts'
import type { KonnectTypes } from './state.ts'

const text = z.string().min(1).max(100)
const place = {
  sku: text.describe('SKU, for example TEE-M'),
  location: text.describe('Location code, for example BLR-01'),
}
const pieces = z.int().min(0).max(1_000_000_000)

const stockActs: Record<string, Act<KonnectTypes>> = {
  'konnect.stock.set': konnectAct({
    about: 'Somebody changes what a location can sell of a SKU on the screens of Fynd Commerce.',
    input: z.strictObject({ ...place, quantity: pieces }),
    apply: (ctx, { sku: code, location, quantity }) => {
      checkLocation(ctx, location)
      const sku = checkSku(ctx, code)
      writeQuantity(ctx, location, sku, quantity)
      ctx.record('konnect.stock.set', { sku: sku.sku, location, quantity })
      return { sku: sku.sku, location, sellable: quantity }
    },
  }),
  'konnect.stock.damage': konnectAct({
    about: 'Sellable pieces of a location turn out to be damaged.',
    input: z.strictObject({ ...place, quantity: pieces.min(1) }),
    apply: (ctx, { sku: code, location, quantity }) => {
      checkLocation(ctx, location)
      const sku = checkSku(ctx, code)
      const { sellable } = rowAt(ctx, location, sku)
      if (sellable < quantity) {
        throw new Refusal('conflict', `${location} can sell ${sellable} of ${code}`)
      }
      const row = ownRow(ctx, location, sku)
      row.sellable -= quantity
      row.unavailable += quantity
      ctx.record('konnect.stock.damaged', { sku: sku.sku, location, quantity })
      return { sku: sku.sku, location, sellable: row.sellable }
    },
  }),
}

const courierActs: Record<string, Act<KonnectTypes>> = {
  'konnect.courier.assign': konnectAct({
    about:
      'A courier is found for an order or return that waits for one, now and whatever the pincode.',
    input: z.strictObject({ ...selection, name: text.optional(), awb: text.optional() }),
    apply: (ctx, { name, awb, ...named }) => {
      const order = selectOrder(ctx, named)
      assignNow(ctx, order, { name, awb })
      return describeOrder(order)
    },
  }),
  'konnect.courier.suspend': konnectAct({
    about: 'No courier can be had: invoiced orders and new returns wait.',
    input: z.strictObject({}),
    apply: (ctx) => {
      if (ctx.state.areCouriersAway) throw new Refusal('conflict', 'Couriers are away already')
      ctx.state.areCouriersAway = true
      ctx.record('konnect.courier.suspended', {})
      return {}
    },
  }),
  'konnect.courier.resume': konnectAct({
    about: 'Couriers can be had again: who waited gets one after the usual time.',
    input: z.strictObject({}),
    apply: (ctx) => {
      if (!ctx.state.areCouriersAway) throw new Refusal('conflict', 'Couriers are not away')
      const looked = bringCouriersBack(ctx)
      ctx.record('konnect.courier.resumed', { looked })
      return { orders: looked }
    },
  }),
}

/** What happens on Konnect's side: on the channels, at Fynd, with couriers and customers, on the merchant's screens. */
export const acts: Record<string, Act<KonnectTypes>> = {
  ...orderActs,
  ...courierActs,
  ...stockActs,
  ...productActs,
  ...settingsActs,
}
