import type { FyndSite } from './fynd-site.ts'
import { noteOrder } from './orders.ts'
import type { Outbox, OutboxHandler, OutboxRow } from './outbox.ts'
import type { FyndEvent } from './partners/fynd.ts'
import { gofyndOf } from './settings.ts'

type RefundBag = {
  bag_id: string
  order_id: string
  cause: string
  amount_minor: number
  refund_id: string | null
}

/** Keeps whose money an event wants to go back, so that it can be reported bag by bag; in a transaction. */
export function keepRefundBags(
  site: FyndSite,
  refund: { orderId: string; cause: string; amountMinor: number },
  bags: { bag: FyndEvent['bags'][number]; item: { amount_minor: number } }[],
) {
  let leftMinor = refund.amountMinor
  bags.forEach(({ bag, item }, index) => {
    if (bag.bag_id == null) return
    // FYND names one sum for all bags of the event; the last one takes what the others leave.
    const isLast = index === bags.length - 1
    const amountMinor = isLast ? leftMinor : Math.min(leftMinor, item.amount_minor)
    leftMinor -= amountMinor
    site.storage.run(
      'INSERT OR IGNORE INTO refund_bags (bag_id, order_id, cause, amount_minor) VALUES (?, ?, ?, ?)',
      String(bag.bag_id),
      refund.orderId,
      refund.cause,
      amountMinor,
    )
  })
}

/** Lets FYND know of every refund that the gateway made (F8): a call that must happen, once the money has moved. */
export function reportingRefunds(
  site: FyndSite,
  refund: OutboxHandler,
  outbox: () => Outbox,
): OutboxHandler {
  return {
    async send(row, context) {
      const write = await refund.send(row, context)
      return () => {
        write()
        if (gofyndOf(site.settings).report_refunds !== false) enqueueReports(site, outbox(), row)
      }
    },
    refused: (row, error) => refund.refused(row, error),
  }
}

export function reportHandler(site: FyndSite): OutboxHandler {
  return {
    async send(row, context) {
      const bag = site.storage.get<RefundBag>('SELECT * FROM refund_bags WHERE bag_id = ?', row.key)
      if (bag?.refund_id == null) throw new Error(`Bag ${row.key} has no refund to report.`)
      await site.fynd.reportRefund(
        { bagId: bag.bag_id, refundId: bag.refund_id, amountMinor: bag.amount_minor },
        { ...context, orderId: row.order_id },
      )
      return () => noteOrder(site, row.order_id, `refund of bag ${row.key} reported to FYND`)
    },
    refused(row, error) {
      const why = error.failure.message
      noteOrder(site, row.order_id, `refund of bag ${row.key} not noted by FYND: ${why}`)
    },
  }
}

function enqueueReports(site: FyndSite, outbox: Outbox, row: OutboxRow) {
  site.storage.run(
    `UPDATE refund_bags SET refund_id = refunds.refund_id FROM refunds
     WHERE refunds.number = ? AND refund_bags.order_id = refunds.order_id AND refund_bags.cause = refunds.cause`,
    Number(row.key),
  )
  const bags = site.storage.all<RefundBag>(
    `SELECT refund_bags.* FROM refund_bags JOIN refunds USING (order_id, cause)
     WHERE refunds.number = ? ORDER BY bag_id`,
    Number(row.key),
  )
  for (const bag of bags) outbox.enqueue('refund-report', bag.bag_id, row.order_id, 0)
}
