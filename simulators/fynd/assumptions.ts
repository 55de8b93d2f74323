import { z } from 'zod'

/** facts/fynd.md 6.2: gaps after failed attempts of 1 s, 5 s, 30 s, then 16 times 3 h; the 20th attempt comes 48 h 36 s after the first. */
const defaultLadderSeconds = [1, 5, 30, ...Array.from({ length: 16 }, () => 3 * 3600)]

/**
 * Every behaviour of FYND's that no source documents, behind one switch (facts/fynd.md 7 and 7.1). Readable and settable per world;
 * a change holds from the next request or event on.
 */
export const assumptions = z.object({
  signature_mode: z
    .enum(['off', 'optional', 'required'])
    .default('optional')
    .describe(
      'x-fp-signature on requests: never looked at, verified when present, or demanded on writes (then x-fp-date must be within 300 s).',
    ),
  grouping: z
    .enum(['per_bag', 'per_store'])
    .default('per_store')
    .describe('Which bags share a shipment: none, or all that leave the same store.'),
  bag_unit: z
    .enum(['item', 'line'])
    .default('item')
    .describe('A bag is one piece (a line of three becomes three bags) or one line.'),
  allocate_on: z
    .enum(['order', 'payment'])
    .default('order')
    .describe(
      'When a prepaid order gets its stores and its reservation: when it is placed, or only when it is paid.',
    ),
  duplicate_mode: z
    .enum(['replay', 'reject', 'create_new'])
    .default('replay')
    .describe(
      'A second order placed with one affiliate_order_id: the same ids again (409 when the body differs), always 409, or a second order.',
    ),
  late_confirmation: z
    .enum(['accept', 'refuse'])
    .default('accept')
    .describe(
      'Payment confirmed after the reservation ended and the stock is gone: accepted, then cancelled by FYND and refunded; or 409 OrderExpired.',
    ),
  cod_limit: z
    .number()
    .min(0)
    .nullable()
    .default(null)
    .describe('Highest order value for COD, in rupees; null: no limit.'),
  reservation_minutes: z
    .number()
    .min(0)
    .max(100_000)
    .default(20)
    .describe('How long stock is kept for a prepaid order that is not paid yet.'),
  pending_ttl_hours: z
    .number()
    .min(0)
    .max(10_000)
    .default(24)
    .describe(
      'How long an order whose payment nobody reported is kept; then it is gone without a webhook. One reported as failed stays.',
    ),
  delta_retention_days: z
    .number()
    .min(0)
    .max(10_000)
    .default(7)
    .describe('How far back changed SKUs may be asked for.'),
  changes_as_of: z
    .enum(['listing', 'page'])
    .default('listing')
    .describe(
      'as_of of the changed SKUs: when their listing began, the same on all its pages; or when this page was read.',
    ),
  rejected_stock: z
    .enum(['not_available', 'sellable'])
    .default('not_available')
    .describe('Where the pieces of a bag go that a store rejects: out of sale, or back on sale.'),
  returned_stock: z
    .enum(['sellable', 'not_available'])
    .default('sellable')
    .describe(
      'Where the pieces go that a store takes back (return or RTO): back on sale, or out of sale.',
    ),
  return_window_days: z
    .number()
    .min(0)
    .max(10_000)
    .default(30)
    .describe('How long after delivery a bag may be returned.'),
  retry_ladder: z
    .array(z.number().min(0))
    .max(100)
    .default(defaultLadderSeconds)
    .describe(
      'Seconds between a failed webhook attempt and the next; after the last one the subscriber is blocked.',
    ),
  ordering: z
    .enum(['fifo', 'shuffle'])
    .default('fifo')
    .describe('Order in which webhooks that are due together leave.'),
  timestamps: z
    .enum(['ist_labelled_utc', 'true_utc'])
    .default('ist_labelled_utc')
    .describe(
      'Order, bag and shipment times: Indian local time that claims to be UTC, or real UTC. Never F1, epoch fields, signature times.',
    ),
  money_quirks: z
    .boolean()
    .default(true)
    .describe(
      'On the order page GST is text ("61.88") and a rounded amount stands beside the exact one; off: exact numbers only. Prices may have halves either way.',
    ),
  misspelt_tracking_key: z
    .boolean()
    .default(true)
    .describe('The tracking number of a shipment stands under traking_no; off: tracking_no.'),
  status_update_envelope: z
    .enum(['ok_with_inner_status', 'http_status'])
    .default('ok_with_inner_status')
    .describe(
      'A refused cancel or return: HTTP 200 with the status of each shipment inside, or that status as the HTTP status too.',
    ),
  serviceability_top_flag: z
    .enum(['misleading', 'strict'])
    .default('misleading')
    .describe(
      "Serviceability's top is_valid: true as soon as the pincode is deliverable, or only when every item is valid.",
    ),
  cod_flag_when_undeliverable: z
    .boolean()
    .default(true)
    .describe('A not-deliverable answer can still say is_cod_available: true.'),
  empty_error_object: z
    .boolean()
    .default(true)
    .describe('Serviceability carries an error object of nulls when nothing is wrong.'),
})

export type FyndAssumptions = z.output<typeof assumptions>
