import { z } from 'zod'
import type { Act } from '../core/partner.ts'
import { Refusal } from '../core/refusal.ts'
import { fyndAct } from './fynd-act.ts'
import { type BagStatus, type Journey, journeyOf } from './rules/bag-machine.ts'
import { type Move, moveBags } from './rules/moves.ts'
import { describeOrder, type Selection, selectBags, selection } from './selection.ts'
import type { FyndContext, FyndTypes } from './state.ts'

const bags = z.strictObject(selection)

const reason = z
  .strictObject({ id: z.int().min(0).default(0), text: z.string().min(1).max(500) })
  .optional()
  .describe('Stands in the webhook and on the order page')

const withReason = z.strictObject({ ...selection, reason })

const withCourier = z.strictObject({
  ...selection,
  courier: z.string().min(1).max(100).optional().describe('Name of the courier firm'),
  awb_no: z.string().min(1).max(50).optional(),
})

const plain = (about: string, to: BagStatus, journeys?: readonly Journey[]): Act<FyndTypes> =>
  fyndAct({
    about,
    input: bags,
    apply: (ctx, input) => move(ctx, input, { to }, journeys),
  })

const reasoned = (
  about: string,
  to: BagStatus,
  usual?: NonNullable<Move['reason']>,
  journeys?: readonly Journey[],
) =>
  fyndAct({
    about,
    input: withReason,
    apply: (ctx, { reason: given, ...named }) => {
      const why = given ?? usual
      return move(ctx, named, { to, ...(why && { reason: why }) }, journeys)
    },
  })

const couriered = (about: string, to: BagStatus, journeys?: readonly Journey[]) =>
  fyndAct({
    about,
    input: withCourier,
    apply: (ctx, { courier: name, awb_no: awb, ...named }) => {
      const courier = { ...(name !== undefined && { name }), ...(awb !== undefined && { awb }) }
      return move(ctx, named, { to, courier }, journeys)
    },
  })

/** One act for each state of the way out. An act may pass the usual states before it; it never passes payment or a refusal. */
const wayOutActs: Record<string, Act<FyndTypes>> = {
  'fynd.bag.confirm': plain('The store confirms that it has the bag.', 'bag_confirmed'),
  'fynd.bag.reject': reasoned(
    'The store refuses the bag; its pieces go out of sale (switch rejected_stock). Then reassign or cancel.',
    'bag_not_confirmed',
    { id: 2, text: 'Not found in store' },
  ),
  'fynd.bag.mark-unavailable': reasoned(
    'FYND gives up on a bag: no store has it. Then cancel it.',
    'product_not_available',
    { id: 1, text: 'Product not available' },
  ),
  'fynd.bag.invoice': plain('The store writes the invoice.', 'bag_invoiced'),
  'fynd.bag.assign-courier': couriered(
    'A courier firm and an AWB are assigned to the shipment.',
    'dp_assigned',
  ),
  'fynd.bag.fail-courier': reasoned('No courier firm takes the shipment.', 'dp_not_assigned'),
  'fynd.bag.pack': plain('The store packs the bag.', 'bag_packed'),
  'fynd.bag.miss-pickup': reasoned('The courier did not pick the bag up.', 'bag_not_picked'),
  'fynd.bag.pick': plain('The courier takes the bag; its pieces leave the store.', 'bag_picked'),
  'fynd.bag.out-for-delivery': plain('The bag is on its last way.', 'out_for_delivery'),
  'fynd.bag.deliver': plain('The customer has the bag.', 'delivery_done'),
  'fynd.bag.fail-delivery': reasoned(
    'A delivery attempt failed; three in all.',
    'delivery_attempt_failed',
  ),
  'fynd.bag.refuse-at-door': reasoned(
    'The customer does not take the bag from the courier.',
    'rejected_by_customer',
  ),
  'fynd.bag.hand-over': plain(
    'The customer fetches the bag in the store.',
    'handed_over_to_customer',
  ),
  'fynd.bag.lose': fyndAct({
    about:
      'The courier lost the bag, on the way out, home (RTO) or back (return); prepaid money goes back.',
    input: withReason,
    apply: (ctx, { reason: why, ...named }) => {
      const { order, bags: selected } = selectBags(ctx, named, ['out', 'home', 'back'])
      const journeys = new Set(selected.map((bag) => journeyOf(bag.status)))
      if (journeys.size > 1) {
        throw new Refusal('invalid', 'These bags are on different ways: name one, or its shipment')
      }
      const [journey = 'out'] = journeys
      moveBags(ctx, order, selected, { to: lostStates[journey], ...(why && { reason: why }) })
      return describeOrder(order)
    },
  }),
}

const lostStates: Readonly<Record<Journey, BagStatus>> = {
  out: 'bag_lost',
  home: 'rto_bag_lost',
  back: 'return_bag_lost',
  delivered: 'bag_lost',
  ended: 'bag_lost',
}

const home: readonly Journey[] = ['out', 'home']

/** RTO: nobody took the parcel, it goes home to the store. */
const rtoActs: Record<string, Act<FyndTypes>> = {
  'fynd.rto.start': reasoned(
    'The courier gives up and turns round: refused at the door, or the attempts are used up.',
    'rto_initiated',
  ),
  'fynd.rto.transit': plain('The parcel is on its way home.', 'rto_in_transit', home),
  'fynd.rto.deliver': plain('The parcel is back at the store.', 'rto_bag_delivered', home),
  'fynd.rto.accept': plain(
    'The store takes the parcel back: credit note, pieces back (switch returned_stock), prepaid money goes back.',
    'rto_bag_accepted',
    home,
  ),
}

const back: readonly Journey[] = ['back']

/** A return that the customer has asked for (`fynd.customer.return`, or the shop by F7). */
const returnActs: Record<string, Act<FyndTypes>> = {
  'fynd.return.assign-courier': couriered(
    'A courier firm is assigned to fetch the return.',
    'return_dp_assigned',
    back,
  ),
  'fynd.return.cancel-courier': reasoned(
    'The courier firm will not fetch it after all; assign another.',
    'return_dp_cancelled',
    undefined,
    back,
  ),
  'fynd.return.out-for-pickup': plain(
    'The courier is on the way to the customer.',
    'out_for_pickup',
    back,
  ),
  'fynd.return.pick': plain('The customer gave the bag back.', 'return_bag_picked', back),
  'fynd.return.miss-pickup': reasoned(
    'The customer was not there, or did not give the bag back.',
    'return_bag_not_picked',
    undefined,
    back,
  ),
  'fynd.return.transit': plain('The return is on its way.', 'return_bag_in_transit', back),
  'fynd.return.deliver': plain('The return is at the store.', 'return_bag_delivered', back),
  'fynd.return.accept': plain(
    'The store checks the return and takes it: credit note, pieces back (switch returned_stock), money goes back (COD too).',
    'return_accepted',
    back,
  ),
  'fynd.return.reject': reasoned(
    'The store checks the return and refuses it: no money. Then write it off.',
    'return_rejected_by_store',
    { id: 3, text: 'Quality check failed' },
    back,
  ),
  'fynd.return.write-off': plain(
    'A return that the store refused is dead stock.',
    'deadstock',
    back,
  ),
  'fynd.return.decline': reasoned(
    'FYND declines the return before it is fetched; the customer keeps the bag and may ask again.',
    'return_request_cancelled',
    { id: 4, text: 'Return request rejected' },
    back,
  ),
}

export const bagActs: Record<string, Act<FyndTypes>> = { ...wayOutActs, ...rtoActs, ...returnActs }

function move(
  ctx: FyndContext,
  named: Selection,
  what: Move,
  journeys?: readonly Journey[],
): object {
  const { order, bags: selected } = selectBags(ctx, named, journeys)
  moveBags(ctx, order, selected, what)
  return describeOrder(order)
}
