import { z } from 'zod'
import type { Act } from '../core/partner.ts'
import { fyndAct } from './fynd-act.ts'
import type { Journey } from './rules/bag-machine.ts'
import { type CustomerState, checkWish, grantWish } from './rules/customer.ts'
import { illegal } from './rules/moves.ts'
import { describeOrder, selectBags, selection } from './selection.ts'
import type { FyndContext, FyndTypes } from './state.ts'

const input = z.strictObject({
  ...selection,
  reason: z
    .strictObject({ id: z.int().min(0).default(0), text: z.string().min(1).max(500) })
    .default({ id: 84, text: 'Changed my mind' }),
})

const wish = (about: string, to: CustomerState, journeys: readonly Journey[]): Act<FyndTypes> =>
  fyndAct({ about, input, apply: (ctx, named) => grant(ctx, named, to, journeys) })

/** What a customer gets from FYND itself (by phone, in its own app): the same rules as the shop's buttons (F7). */
export const customerActs: Record<string, Act<FyndTypes>> = {
  'fynd.customer.cancel': wish(
    'The customer cancels bags that no courier has yet; prepaid money goes back. Some of several leave their shipment.',
    'cancelled_customer',
    ['out'],
  ),
  'fynd.customer.return': wish(
    'The customer asks to give delivered bags back: only returnable ones, in the window, where reverse pickup exists.',
    'return_initiated',
    ['delivered'],
  ),
  'fynd.customer.withdraw-return': wish(
    'The customer keeps the bags after all; only before the courier has them.',
    'return_request_cancelled',
    ['back'],
  ),
}

/** Bags of several shipments: all or none. */
function grant(
  ctx: FyndContext,
  { reason, ...named }: z.output<typeof input>,
  to: CustomerState,
  journeys: readonly Journey[],
): object {
  const { order, bags } = selectBags(ctx, named, journeys)
  const groups = order.shipments
    .map((shipment) => ({
      shipment,
      bags: bags.filter((bag) => bag.shipmentId === shipment.id),
    }))
    .filter((group) => group.bags.length > 0)
  // An unpaid order without stores yet: nothing of it can be cancelled by the customer.
  if (groups.length === 0) for (const bag of bags) throw illegal(bag, to)
  for (const group of groups) checkWish(ctx, order, group.shipment, group.bags, to)
  for (const group of groups) {
    grantWish(ctx, order, group.shipment, group.bags, { to, reason })
  }
  return describeOrder(order)
}
