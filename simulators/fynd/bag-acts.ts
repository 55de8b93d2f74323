import { z } from 'zod'
import type { Act } from '../core/partner.ts'
import { fyndAct } from './fynd-act.ts'
import type { BagStatus } from './rules/bag-machine.ts'
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

const plain = (about: string, to: BagStatus): Act<FyndTypes> =>
  fyndAct({
    about,
    input: bags,
    apply: (ctx, input) => move(ctx, input, { to }),
  })

const reasoned = (about: string, to: BagStatus, usual?: NonNullable<Move['reason']>) =>
  fyndAct({
    about,
    input: withReason,
    apply: (ctx, { reason: given, ...named }) => {
      const why = given ?? usual
      return move(ctx, named, { to, ...(why && { reason: why }) })
    },
  })

/** One act for each state of the way out. An act may pass the usual states before it; it never passes payment or a refusal. */
export const bagActs: Record<string, Act<FyndTypes>> = {
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
  'fynd.bag.assign-courier': fyndAct({
    about: 'A courier firm and an AWB are assigned to the shipment.',
    input: withCourier,
    apply: (ctx, { courier: name, awb_no: awb, ...named }) =>
      move(ctx, named, {
        to: 'dp_assigned',
        courier: { ...(name !== undefined && { name }), ...(awb !== undefined && { awb }) },
      }),
  }),
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
  'fynd.bag.lose': reasoned('The courier lost the bag; prepaid money goes back.', 'bag_lost'),
}

function move(ctx: FyndContext, named: Selection, what: Move): object {
  const { order, bags: selected } = selectBags(ctx, named)
  moveBags(ctx, order, selected, what)
  return describeOrder(order)
}
