import { z } from 'zod'
import type { Act } from '../core/partner.ts'
import { Refusal } from '../core/refusal.ts'
import { fyndAct } from './fynd-act.ts'
import { reportRefund } from './rules/refunds.ts'
import { describeOrder, selectBags, selection } from './selection.ts'
import type { FyndTypes } from './state.ts'

export const refundActs: Record<string, Act<FyndTypes>> = {
  'fynd.refund.done': fyndAct({
    about: "FYND's office notes that the money of these bags went back (what F8 reports).",
    input: z.strictObject({
      ...selection,
      refund_id: z.string().min(1).max(100).describe("The gateway's id of the refund"),
    }),
    apply: (ctx, { refund_id: refundId, ...named }) => {
      const { order, bags } = selectBags(ctx, named, ['ended'])
      const isOne = named.bag_id !== undefined
      const due = isOne ? bags : bags.filter((bag) => bag.refund?.reportedId === null)
      if (due.length === 0) {
        throw new Refusal('conflict', `No money of order ${order.id} waits to go back`)
      }
      for (const bag of due) {
        reportRefund(ctx, order, bag, { refundId, amountMinor: bag.shareMinor })
      }
      return describeOrder(order)
    },
  }),
}
