import { z } from 'zod'
import type { Act } from '../core/partner.ts'
import { Refusal } from '../core/refusal.ts'
import { fyndAct } from './fynd-act.ts'
import { type BagStatus, type Journey, journeyOf } from './rules/bag-machine.ts'
import { moveBags } from './rules/moves.ts'
import { placeOrder, ship, wouldBeStores } from './rules/orders.ts'
import { confirmPayment } from './rules/payment.ts'
import { reassign } from './rules/reassignment.ts'
import { describeOrder, selectBags, selection } from './selection.ts'
import {
  type Address,
  catalogueOf,
  type FyndContext,
  type FyndTypes,
  type OrderLine,
  type OrderRequest,
  orderStatus,
} from './state.ts'

const reassignInput = z.strictObject({
  ...selection,
  store: z.string().min(1).max(100).optional().describe('Left out: FYND decides'),
})

const cancelInput = z.strictObject({
  ...selection,
  reason: z
    .strictObject({ id: z.int().min(0).default(0), text: z.string().min(1).max(500) })
    .default({ id: 1, text: 'Product not available' }),
})

/** States that `fynd.order.advance` can be told to reach: the usual way out, home and back. */
const stops = [
  'bag_confirmed',
  'bag_invoiced',
  'dp_assigned',
  'bag_packed',
  'bag_picked',
  'out_for_delivery',
  'delivery_done',
  'rto_initiated',
  'rto_in_transit',
  'rto_bag_delivered',
  'rto_bag_accepted',
  'return_dp_assigned',
  'out_for_pickup',
  'return_bag_picked',
  'return_bag_in_transit',
  'return_bag_delivered',
  'return_accepted',
] as const satisfies readonly BagStatus[]

const advanceInput = z.strictObject({ ...selection, to: z.enum(stops) })

const placeInput = z.strictObject({
  affiliate_order_id: z.string().min(1).max(100),
  payment_mode: z.enum(['COD', 'PREPAID']).default('COD'),
  pincode: z
    .string()
    .regex(/^[1-9][0-9]{5}$/)
    .default('560001'),
  lines: z
    .array(
      z.strictObject({
        sku: z.string().min(1).max(100),
        quantity: z.int().min(1).max(100).default(1),
      }),
    )
    .min(1)
    .max(100),
  paid: z.boolean().default(false).describe('Prepaid: the payment is confirmed at once'),
  affiliate_id: z.string().optional().describe('Another channel; left out: the shop under test'),
})

export const orderActs: Record<string, Act<FyndTypes>> = {
  'fynd.order.place': fyndAct({
    about: 'An order as the shop (or another channel) would place it, at the catalogue prices.',
    input: placeInput,
    apply: place,
  }),
  'fynd.order.reassign': fyndAct({
    about: 'FYND gives refused bags to another store: new shipment id, same bag ids.',
    input: reassignInput,
    apply: (ctx, { store, ...named }) => {
      const { order, bags } = selectBags(ctx, named)
      const isWhole = named.bag_id === undefined && named.affiliate_bag_id === undefined
      const refused = isWhole ? bags.filter((bag) => bag.status === 'bag_not_confirmed') : bags
      if (refused.length === 0) {
        throw new Refusal('invalid', `No store has refused a bag of order ${order.id}`)
      }
      reassign(ctx, order, refused, store)
      return describeOrder(order)
    },
  }),
  'fynd.order.cancel': fyndAct({
    about: 'FYND cancels bags before they leave the store; prepaid money that was taken goes back.',
    input: cancelInput,
    apply: (ctx, { reason, ...named }) => {
      const { order, bags } = selectBags(ctx, named)
      cancel(ctx, order, bags, reason)
      return describeOrder(order)
    },
  }),
  'fynd.order.advance': fyndAct({
    about:
      'Everybody plays along until the bags are in this state; every state on the way is told.',
    input: advanceInput,
    apply: (ctx, { to, ...named }) => {
      const { order, bags } = selectBags(ctx, named, journeysTo(to))
      moveBags(ctx, order, bags, { to, inFull: true })
      return describeOrder(order)
    },
  }),
}

/** Bags on the way to a state, or on the way that leads into it. */
function journeysTo(to: (typeof stops)[number]): readonly Journey[] {
  if (to === 'return_accepted') return ['back']
  if (to === 'rto_bag_accepted') return ['out', 'home']
  const journey = journeyOf(to)
  if (journey === 'back') return ['back']
  return journey === 'home' ? ['out', 'home'] : ['out']
}

type Selected = ReturnType<typeof selectBags>

function cancel(
  ctx: FyndContext,
  order: Selected['order'],
  bags: Selected['bags'],
  reason: { id: number; text: string },
): void {
  const hasShipments = order.shipments.length > 0
  if (!hasShipments && bags.length < order.bags.length) {
    throw new Refusal('invalid', `Order ${order.id} is not allocated yet: cancel all of it`)
  }
  // An order that waits for its payment without stores (`allocate_on: payment`) is written down somewhere, so that its bags can be told.
  if (!hasShipments && bags.every((bag) => bag.status === 'pending')) {
    ship(ctx, order, wouldBeStores(ctx, order))
  }
  moveBags(ctx, order, bags, { to: 'cancelled_fynd', reason })
}

function place(ctx: FyndContext, input: z.output<typeof placeInput>): object {
  const own = ctx.credentials.affiliate_id
  const affiliateId = input.affiliate_id ?? own
  if (affiliateId !== own && !ctx.state.bystanders.has(affiliateId)) {
    throw new Refusal('not-found', `Unknown affiliate "${affiliateId}"`)
  }
  if (input.paid && input.payment_mode === 'COD') {
    throw new Refusal('invalid', 'paid goes with payment_mode PREPAID')
  }
  const request = writeRequest(ctx, input)
  const { order, isDuplicate } = placeOrder(ctx, affiliateId, request)
  if (input.paid) {
    const paid = { mode: 'CARD', amountMinor: request.valueMinor, paymentId: null, isFailed: false }
    confirmPayment(ctx, order, { methods: [paid] })
  }
  return {
    ...describeOrder(order),
    order_status: orderStatus(order),
    order_value: request.valueMinor / 100,
    duplicate: isDuplicate,
  }
}

function writeRequest(ctx: FyndContext, input: z.output<typeof placeInput>): OrderRequest {
  const lines = input.lines.map(({ sku: code, quantity }, index): OrderLine => {
    const sku = catalogueOf(ctx).skus.get(code)
    if (!sku) throw new Refusal('not-found', `Unknown SKU "${code}"`)
    return {
      affiliateBagId: `${input.affiliate_order_id}-${index + 1}`,
      sku: code,
      sellerIdentifier: code,
      size: sku.size,
      quantity,
      markedMinor: sku.markedMinor,
      effectiveMinor: sku.effectiveMinor,
      unitMinor: sku.effectiveMinor,
      paidMinor: sku.effectiveMinor * quantity,
      discountMinor: 0,
      deliveryMinor: 0,
      transferMinor: sku.effectiveMinor,
      hsnCode: '',
    }
  })
  const address = addressAt(input.pincode)
  return {
    affiliateOrderId: input.affiliate_order_id,
    paymentMode: input.payment_mode,
    valueMinor: lines.reduce((sum, line) => sum + line.paidMinor, 0),
    codMinor: 0,
    deliveryMinor: 0,
    discountMinor: 0,
    coupon: '',
    shipping: address,
    billing: address,
    lines,
    meta: {},
  }
}

const addressAt = (pincode: string): Address => ({
  first_name: 'Asha',
  last_name: 'Example',
  email: 'asha@shop.example',
  mobile: '9000000001',
  phone: '',
  address1: '12 Example Road',
  address2: '',
  city: 'Exampleville',
  state: 'Karnataka',
  country: 'India',
  pincode,
})
