import { z } from 'zod'
import type { Act } from '../core/partner.ts'
import { Refusal } from '../core/refusal.ts'
import { arvindAct } from './arvind-act.ts'
import type { ItemStatus } from './rules/item-machine.ts'
import { returnItems } from './rules/returns.ts'
import { describeOrder, moveSelected, selectItems, selection } from './selection.ts'
import type { ArvindContext, ArvindTypes } from './state.ts'

const reason = z.string().min(1).max(500).optional().describe('Stands in the webhook')

const comment = z.string().min(1).max(500).optional().describe('Stands beside the reason')

const move = (about: string, to: ItemStatus, usual?: string): Act<ArvindTypes> =>
  arvindAct({
    about,
    input: z.strictObject({ ...selection, reason, comment }),
    apply: (ctx, { reason: why, comment: remark, ...named }) =>
      moveSelected(ctx, named, { to, reason: why ?? usual, comment: remark }),
  })

const requestInput = z.strictObject({
  ...selection,
  returnMode: z.enum(['PICKUP', 'STORE']).default('PICKUP'),
  neftDetails: z
    .strictObject({
      customerName: z.string(),
      bankName: z.string(),
      branchName: z.string(),
      branchAddress: z.string(),
      accountNature: z.enum(['SAVINGS', 'CURRENT']),
      accountNumber: z.string(),
      ifscCode: z.string(),
    })
    .optional()
    .describe('Needed for COD orders'),
})

/** What happens to single items after the courier has them. An act may pass the usual statuses before it, never a failure. */
export const itemActs: Record<string, Act<ArvindTypes>> = {
  'arvind.item.unfulfil': move(
    'Arvind cannot source the item; its pieces are out of sale (switch pick_fail_stock).',
    'UNFULFILLED',
    'Not found at the centre',
  ),
  'arvind.item.deliver': move('The customer has the item.', 'DELIVERED'),
  'arvind.item.fail-delivery': move(
    'The courier could not deliver; then out for delivery again, or back to the centre.',
    'UNDELIVERED',
    'Customer not reachable',
  ),
  'arvind.item.return-to-origin': move(
    'The courier gives up on an undelivered item and brings it back.',
    'RTO_INITIATED',
    'Not delivered',
  ),
  'arvind.item.receive-rto': move(
    'The centre has the undelivered item again; its pieces are on sale again.',
    'RTO_RECEIVED',
  ),
  'arvind.return.request': arvindAct({
    about: "A customer returns items by Arvind's own call centre, by the rules of the return call.",
    input: requestInput,
    apply: request,
  }),
  'arvind.return.pick': move('The courier fetches the returned item.', 'RETURN_PICKED'),
  'arvind.return.receive': move(
    'The returned item is at the centre, and not on sale yet.',
    'RETURN_RECEIVED',
  ),
  'arvind.return.qc-fail': move(
    'The quality check of a returned item fails: no refund.',
    'RETURN_QC_FAILED',
    'Quality check failed',
  ),
  'arvind.return.start-refund': move(
    'The quality check passes: the refund begins, the pieces are on sale again (switch returned_stock).',
    'REFUND_INITIATED',
  ),
  'arvind.return.refund': move('The refund of a returned item is done.', 'REFUNDED'),
}

function request(ctx: ArvindContext, input: z.output<typeof requestInput>): object {
  const { returnMode, neftDetails, ...named } = input
  const { order, items } = selectItems(ctx, named)
  const isOne = named.itemReference !== undefined
  const asked = isOne ? items : items.filter(({ status }) => status === 'DELIVERED')
  if (asked.length === 0) {
    throw new Refusal('conflict', `No item of order ${order.orderReference} is delivered`)
  }
  const outcomes = returnItems(ctx, order, {
    lines: asked.map(({ itemReference }) => ({ itemId: itemReference, returnMode })),
    pincode: undefined,
    neft: neftDetails,
  })
  const bad = outcomes.find(({ code }) => code !== null)
  // Nothing has changed only when nothing was taken back; what was taken back stands in the answer.
  if (bad?.code && outcomes.every(({ record }) => record === null)) {
    throw new Refusal('conflict', `${bad.itemReference} cannot be returned: ${bad.code}`)
  }
  return describeOrder(order)
}
