import { z } from 'zod'
import type { Act } from '../core/partner.ts'
import { Refusal } from '../core/refusal.ts'
import { arvindAct } from './arvind-act.ts'
import { bookNow } from './rules/booking.ts'
import { channels } from './rules/channels.ts'
import { forwardStatuses, isUnassigned } from './rules/item-machine.ts'
import { acceptOrder, type OrderRequest } from './rules/orders.ts'
import { reassign } from './rules/reassignment.ts'
import { describeOrder, moveSelected, selectItems, selection, selectOrder } from './selection.ts'
import type { ArvindContext, ArvindTypes } from './state.ts'

const id = z.string().min(1).max(100)
const reason = z.string().min(1).max(500)

const placeInput = z.strictObject({
  orderReference: id,
  paymentMode: z.enum(['COD', 'PREPAID']).default('PREPAID'),
  pincode: z
    .string()
    .regex(/^[1-9][0-9]{5}$/)
    .default('560001'),
  items: z
    .array(z.strictObject({ skuId: id, quantity: z.int().min(1).max(100).default(1) }))
    .min(1)
    .max(100),
  channelId: id.optional().describe('Another channel; left out: the shop under test'),
})

export const orderActs: Record<string, Act<ArvindTypes>> = {
  'arvind.order.place': arvindAct({
    about: 'An order as the shop (or another channel) would push it, at the catalogue prices.',
    input: placeInput,
    apply: place,
  }),
  'arvind.order.book': arvindAct({
    about:
      'The stock of an accepted order is booked and its consignments are made now, whatever the timers say.',
    input: z.strictObject({ orderReference: id }),
    apply: (ctx, named) => {
      const order = selectOrder(ctx, named)
      if (!order.items.some(({ status }) => isUnassigned(status))) {
        throw new Refusal('conflict', `Order ${order.orderReference} is booked already`)
      }
      bookNow(ctx, order)
      return describeOrder(order)
    },
  }),
  'arvind.order.advance': arvindAct({
    about:
      'Everybody plays along until the items are in this state; every status on the way is told.',
    input: z.strictObject({ ...selection, to: z.enum(forwardStatuses) }),
    apply: (ctx, { to, ...named }) => moveSelected(ctx, named, { to }),
  }),
  'arvind.order.cancel': arvindAct({
    about: 'Arvind or the brand cancels items that are not shipped yet.',
    input: z.strictObject({
      ...selection,
      reason: reason.default('Cancelled by the brand'),
      comment: reason.optional().describe('Stands beside the reason'),
    }),
    apply: (ctx, { reason: why, comment, ...named }) =>
      moveSelected(ctx, named, { to: 'CANCELLED', reason: why, comment }),
  }),
  'arvind.consignment.reassign': arvindAct({
    about:
      'A centre cannot find its items or passes them on: another centre gets them in a new consignment, or they are unfulfilled.',
    input: z.strictObject({
      ...selection,
      centre: id.optional().describe('Left out: Arvind decides'),
      pickFail: z
        .boolean()
        .default(true)
        .describe(
          'The pieces were not found (switch pick_fail_stock); false: they are still there',
        ),
    }),
    apply: (ctx, { centre, pickFail, ...named }) => {
      const { order, items } = selectItems(ctx, named)
      const isOne = named.itemReference !== undefined
      const assigned = isOne ? items : items.filter(({ status }) => status === 'ASSIGNED')
      if (assigned.length === 0) {
        throw new Refusal(
          'conflict',
          `No item of order ${order.orderReference} waits at a centre: only ASSIGNED ones can be given to another`,
        )
      }
      reassign(ctx, order, assigned, { centre, pickFail })
      return describeOrder(order)
    },
  }),
  'arvind.consignment.invoice': arvindAct({
    about: 'The centre writes the invoice.',
    input: z.strictObject({ ...selection, invoiceNumber: z.string().min(1).max(50).optional() }),
    apply: (ctx, { invoiceNumber, ...named }) =>
      moveSelected(ctx, named, { to: 'INVOICED', invoiceNumber }),
  }),
  'arvind.consignment.pack': arvindAct({
    about: 'The centre packs the parcel; an invoice that is missing is written in the same second.',
    input: z.strictObject(selection),
    apply: (ctx, named) => moveSelected(ctx, named, { to: 'PACKED' }),
  }),
  'arvind.consignment.ship': arvindAct({
    about: 'The courier takes the parcel; its pieces leave the centre.',
    input: z.strictObject({
      ...selection,
      courierName: z.string().min(1).max(100).optional(),
      awbNumber: z.string().min(1).max(50).optional(),
    }),
    apply: (ctx, { courierName, awbNumber, ...named }) => {
      const isNamed = courierName !== undefined || awbNumber !== undefined
      const courier = isNamed ? { name: courierName, awb: awbNumber } : undefined
      return moveSelected(ctx, named, { to: 'SHIPPED', courier })
    },
  }),
  'arvind.consignment.out-for-delivery': arvindAct({
    about: 'The parcel is on its last way.',
    input: z.strictObject(selection),
    apply: (ctx, named) => moveSelected(ctx, named, { to: 'OUT_FOR_DELIVERY' }),
  }),
}

function place(ctx: ArvindContext, input: z.output<typeof placeInput>): object {
  const channel = channels(ctx).find(
    ({ channelId }) => channelId === (input.channelId ?? ctx.credentials.channel_id),
  )
  if (!channel) throw new Refusal('not-found', `Unknown channel "${input.channelId}"`)
  const lines = input.items.map(({ skuId, quantity }, index) => {
    const sku = ctx.catalogue.skus.get(skuId)
    if (!sku) throw new Refusal('not-found', `Unknown SKU "${skuId}"`)
    const itemReference = `${input.orderReference}-${index + 1}`
    const netMinor = sku.priceMinor * quantity
    return { itemReference, itemId: itemReference, skuId, quantity, netMinor }
  })
  const request: OrderRequest = {
    orderReference: input.orderReference,
    orderingStoreId: channel.orderingStoreId,
    isCod: input.paymentMode === 'COD',
    netMinor: lines.reduce((sum, line) => sum + line.netMinor, 0),
    pincode: input.pincode,
    lines,
    pairs: [],
  }
  const { order } = acceptOrder(ctx, channel.channelId, request)
  return { ...describeOrder(order), netAmount: order.netMinor / 100 }
}
