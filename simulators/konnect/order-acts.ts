import { z } from 'zod'
import type { Act } from '../core/partner.ts'
import { Refusal } from '../core/refusal.ts'
import { konnectAct } from './konnect-act.ts'
import { assignNow, confirm, invoice, nameVan, seekCourier } from './rules/couriers.ts'
import {
  isDelivered,
  type OmsState,
  omsStates,
  planRoute,
  transitions,
} from './rules/oms-machine.ts'
import {
  acceptReturn,
  cancelPieces,
  cancelWhole,
  enterState,
  giveCreditNote,
  mayCancel,
  nextNumber,
  placeOrder,
  reassignOrder,
  startReturn,
} from './rules/orders.ts'
import {
  describeOrder,
  type Items,
  items,
  selection,
  selectOrder,
  selectPieces,
} from './selection.ts'
import { checkLocation } from './settings-acts.ts'
import { type KonnectContext, type KonnectTypes, type Order, piecesOf } from './state.ts'

const text = z.string().min(1).max(100)

const placeInput = z.strictObject({
  channel: text.default('FYND').describe('The ordering channel, for example AJIO_VMS'),
  location: text.optional().describe('Left out: the first location that has all of it'),
  lines: z
    .array(z.strictObject({ sku: text, quantity: z.int().min(1).max(100_000).default(1) }))
    .min(1)
    .max(100),
  self_ship: z.boolean().default(false).describe('The seller ships it, no courier of Fynd'),
  payment_mode: z.enum(['COD', 'PREPAID']).default('PREPAID'),
  pincode: z
    .string()
    .regex(/^[1-9][0-9]{5}$/)
    .default('560001')
    .describe('194101 has no courier by itself'),
  city: text.default('Exampleville'),
  state: z.enum(['new', 'placed']).default('placed').describe('Both are listed as CREATED'),
  locked: z.boolean().default(false),
  marketplace_order_id: text.optional(),
})

/** What channels, customers and Fynd do with orders on their way out. */
export const orderActs: Record<string, Act<KonnectTypes>> = {
  'konnect.order.place': konnectAct({
    about: "An order comes in from a sales channel and waits for the seller's confirmation.",
    input: placeInput,
    apply: (ctx, input) => {
      if (input.location !== undefined) checkLocation(ctx, input.location)
      const order = placeOrder(ctx, {
        channel: input.channel,
        location: input.location,
        lines: input.lines,
        isSelfShip: input.self_ship,
        isCod: input.payment_mode === 'COD',
        isLocked: input.locked,
        pincode: input.pincode,
        city: input.city,
        state: input.state,
        marketplaceOrderId: input.marketplace_order_id,
      })
      return describeOrder(order)
    },
  }),
  'konnect.order.reassign': konnectAct({
    about: 'Fynd gives an unconfirmed order to another location: it vanishes from the first.',
    input: z.strictObject({ ...selection, location: text }),
    apply: (ctx, { location, ...named }) => {
      checkLocation(ctx, location)
      const order = selectOrder(ctx, named)
      reassignOrder(ctx, order, location)
      return describeOrder(order)
    },
  }),
  'konnect.order.lock': lockAct(true, 'Fynd works on the order: writes to it fail.'),
  'konnect.order.unlock': lockAct(false, 'Fynd is done with the order: writes work again.'),
  'konnect.order.cancel-by-customer': cancelAct(
    'customer',
    'The customer cancels pieces (before the invoice) or the whole order (until it is packed).',
  ),
  'konnect.order.cancel-by-fynd': cancelAct(
    'fynd',
    'Fynd cancels pieces (before the invoice) or the whole order (until it is packed).',
  ),
  'konnect.order.cancel-by-seller': cancelAct(
    'seller',
    'Somebody of the seller cancels pieces (before the invoice) or the whole order (until it is packed) on the screens of Fynd Commerce.',
  ),
  'konnect.order.pick-up': moveAct('bag_picked', 'The courier takes a packed parcel along.'),
  'konnect.order.miss-pickup': moveAct('bag_not_picked', 'The courier did not come for it.'),
  'konnect.order.hand-over': moveAct(
    'handed_over_to_customer',
    'The customer fetches a packed order at the store.',
  ),
  'konnect.order.take-out': moveAct('out_for_delivery', 'The courier is on the way to the door.'),
  'konnect.order.deliver': moveAct('delivery_done', 'The customer has the parcel.'),
  'konnect.order.start-rto': moveAct(
    'rto_initiated',
    'The parcel could not be delivered and turns round.',
  ),
  'konnect.order.end-rto': moveAct('rto_bag_delivered', 'The parcel is back at the seller.'),
  'konnect.order.advance': konnectAct({
    about: 'Everybody plays along, the seller too, until the order is in this state.',
    input: z.strictObject({ ...selection, to: z.enum(omsStates as [OmsState, ...OmsState[]]) }),
    apply: (ctx, { to, ...named }) => {
      const order = selectOrder(ctx, named)
      advance(ctx, order, to)
      return describeOrder(order)
    },
  }),
  'konnect.return.create': konnectAct({
    about: 'The customer sends delivered pieces back: a new shipment that points to the order.',
    input: z.strictObject({ ...selection, items }),
    apply: (ctx, { items: named, ...which }) => {
      const order = selectOrder(ctx, which)
      if (!isDelivered.has(order.state)) throw illegal(order, 'return_initiated')
      const left = (item: (typeof order.items)[number]) => piecesOf(item) - item.returned
      const back = startReturn(ctx, order, selectPieces(order, named, left))
      seekCourier(ctx, back)
      return describeOrder(back)
    },
  }),
  'konnect.return.pick-up': moveAct(
    'return_bag_in_transit',
    'The courier fetches the return at the customer.',
  ),
  'konnect.return.deliver': moveAct('return_bag_delivered', 'The return is back at the seller.'),
}

type Canceller = Parameters<typeof cancelWhole>[2]

function lockAct(isLocked: boolean, about: string): Act<KonnectTypes> {
  return konnectAct({
    about,
    input: z.strictObject(selection),
    apply: (ctx, named) => {
      const order = selectOrder(ctx, named)
      if (order.isLocked === isLocked) {
        throw new Refusal('conflict', `Order ${order.id} is ${isLocked ? '' : 'not '}locked`)
      }
      order.isLocked = isLocked
      ctx.record(isLocked ? 'konnect.order.locked' : 'konnect.order.unlocked', {
        order_id: order.id,
      })
      return describeOrder(order)
    },
  })
}

function cancelAct(by: Canceller, about: string): Act<KonnectTypes> {
  return konnectAct({
    about,
    input: z.strictObject({ ...selection, items, reason: text.default('Changed my mind') }),
    apply: (ctx, { items: named, reason, ...which }) => {
      const order = selectOrder(ctx, which)
      cancel(ctx, order, by, named, reason)
      return describeOrder(order)
    },
  })
}

function cancel(
  ctx: KonnectContext,
  order: Order,
  by: Canceller,
  named: Items,
  reason: string,
): void {
  const pieces = selectPieces(order, named)
  const left = order.items.reduce((sum, item) => sum + piecesOf(item), 0)
  const isWhole = pieces.reduce((sum, { quantity }) => sum + quantity, 0) === left
  if (!mayCancel(ctx, order, isWhole)) {
    throw new Refusal(
      'conflict',
      `Order ${order.id} is ${order.state}: too late to cancel ${isWhole ? 'it' : 'a part of it'}`,
    )
  }
  if (isWhole) cancelWhole(ctx, order, by, () => reason)
  else {
    cancelPieces(
      ctx,
      order,
      pieces.map((each) => ({ ...each, reason })),
    )
  }
}

/** One step that a courier or a customer takes. What the seller ships is moved by the seller's own pushes. */
function moveAct(to: OmsState, about: string): Act<KonnectTypes> {
  return konnectAct({
    about,
    input: z.strictObject(selection),
    apply: (ctx, named) => {
      const order = selectOrder(ctx, named)
      if (!isNextStep(order.state, to)) throw illegal(order, to)
      if (order.isSelfShip && to !== 'handed_over_to_customer') {
        throw new Refusal(
          'conflict',
          `Order ${order.id} is shipped by the seller, who pushes its status; konnect.order.advance plays the seller`,
        )
      }
      enterState(ctx, order, to)
      return describeOrder(order)
    },
  })
}

/** What couriers and customers do; a seller's own van skips the states between. */
function isNextStep(from: OmsState, to: OmsState): boolean {
  if (to === 'bag_picked' && from === 'dp_assigned') return false
  if (to === 'rto_bag_delivered' && from === 'bag_picked') return false
  return transitions[from].includes(to)
}

function advance(ctx: KonnectContext, order: Order, to: OmsState): void {
  const path = planRoute(order.state, to)
  if (!path) throw illegal(order, to)
  for (const state of path) {
    // The merchant's settings may have taken several steps at once.
    if (order.history.some((past) => past.state === state)) continue
    step(ctx, order, state)
  }
}

function step(ctx: KonnectContext, order: Order, state: OmsState): void {
  if (state === 'bag_confirmed') confirm(ctx, order)
  else if (state === 'bag_invoiced') {
    invoice(ctx, order, { number: nextNumber(ctx, 'SELLER'), irn: null })
  } else if (state === 'dp_assigned' || state === 'return_dp_assigned') assignNow(ctx, order, {})
  else if (state === 'return_bag_accepted' || state === 'rto_bag_accepted') {
    acceptReturn(ctx, order, [])
  } else if (state === 'credit_note_generated') {
    giveCreditNote(ctx, order, { number: nextNumber(ctx, 'SELLER-CN'), irn: null })
  } else {
    // The seller who plays along names its van before it packs.
    if (order.isSelfShip && order.state === 'dp_assigned') nameVan(ctx, order)
    enterState(ctx, order, state)
  }
}

const illegal = (order: Order, to: OmsState): Refusal =>
  new Refusal('conflict', `Order ${order.id} is ${order.state}: it cannot become ${to}`)
