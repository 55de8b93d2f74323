import { z } from 'zod'

const minutes = z.number().min(0).max(100_000)
const seconds = z.number().min(0).max(1_000_000)

/**
 * Every behaviour of Arvind Internet's that no source documents, behind one switch (facts/arvind.md 2 to 5 and 8). Readable and settable
 * per world; a change holds from the next request, event or tick on.
 */
export const assumptions = z.object({
  bare_token: z
    .boolean()
    .default(true)
    .describe(
      'The auth token is taken bare as well as after "Bearer "; off: only after "Bearer ".',
    ),
  auth_token_ttl_hours: z
    .number()
    .min(0)
    .max(100_000)
    .nullable()
    .default(null)
    .describe(
      'How long an auth token lives from the start of the world or its last renewal; null: for ever.',
    ),
  foreign_channel: z
    .enum(['book', 'refuse'])
    .default('book')
    .describe(
      'Channel, warehouse or ordering store id of another website on the same API URL: booked there, or 400.',
    ),
  duplicate_order: z
    .enum(['refuse', 'replay'])
    .default('refuse')
    .describe(
      'An orderReference pushed again: status false with DUPLICATE_ORDER, or success with the same order id.',
    ),
  push_checks: z
    .enum(['all', 'sum'])
    .default('all')
    .describe(
      'What of a pushed order must agree: the word processing, whole paise, and every amount with the others; or only netAmount with those of the lines.',
    ),
  auto_booking: z
    .boolean()
    .default(true)
    .describe(
      'An accepted order is booked and gets its consignments by itself; off: only by acts.',
    ),
  booking_delay_seconds: seconds
    .default(10)
    .describe('From acceptance until the stock is booked at fulfilment centres.'),
  consignment_delay_seconds: seconds
    .default(50)
    .describe('From the booking until the consignments exist.'),
  consignment_grouping: z
    .enum(['per_centre', 'per_item'])
    .default('per_centre')
    .describe('Which items share a consignment: all of one fulfilment centre, or none.'),
  webhook_scope: z
    .enum(['forward', 'all'])
    .default('all')
    .describe(
      'Which statuses are told: only INVOICED, PACKED, SHIPPED, OUT_FOR_DELIVERY, DELIVERED, or all.',
    ),
  webhook_auth: z
    .enum(['basic', 'none', 'shared_header'])
    .default('basic')
    .describe(
      "How status webhooks prove themselves: the site's Basic credentials, not at all, or the password in x-arvind-secret.",
    ),
  webhook_success: z
    .enum(['body', 'any_2xx'])
    .default('body')
    .describe('What ends a status webhook well: a 200 whose body says status true, or any 2xx.'),
  webhook_gaps_minutes: z
    .array(minutes)
    .max(100)
    .default([1, 5, 15, 60, 240])
    .describe('Minutes between a failed status webhook attempt and the next.'),
  webhook_ordering: z
    .enum(['fifo', 'shuffle'])
    .default('fifo')
    .describe('Order in which status webhooks that are due together leave.'),
  inventory_auth: z
    .enum(['basic', 'body'])
    .default('basic')
    .describe(
      'Update inventory carries user name and password as HTTP Basic, or as username and password in the body.',
    ),
  inventory_updated_at: z
    .boolean()
    .default(true)
    .describe('Rows of update inventory carry updatedAt, the time for which the quantity is true.'),
  inventory_batch_size: z
    .int()
    .min(1)
    .max(200)
    .default(200)
    .describe('Rows in one update inventory call.'),
  inventory_retry: z
    .enum(['5xx', 'all'])
    .default('5xx')
    .describe(
      'What update inventory is tried again after: a 5xx or no answer, or anything but a 2xx.',
    ),
  inventory_gaps_minutes: z
    .array(minutes)
    .max(100)
    .default([1, 1])
    .describe('Minutes between a failed update inventory attempt and the next.'),
  inventory_delta_seconds: seconds
    .nullable()
    .default(5)
    .describe('How long after a change the changed SKUs are pushed; null: never by themselves.'),
  inventory_full_minutes: z
    .int()
    .multipleOf(5)
    .min(5)
    .max(10_080)
    .nullable()
    .default(60)
    .describe('How often all SKUs are pushed, in steps of 5 minutes; null: never by itself.'),
  mixed_result: z
    .enum(['refused', 'accepted'])
    .default('refused')
    .describe(
      'Top-level status of a cancel or return where some items were refused and some accepted: false or true.',
    ),
  cancel_window_minutes: minutes
    .nullable()
    .default(null)
    .describe('How long after acceptance an order can be cancelled; null: until it is shipped.'),
  return_window_days: z
    .number()
    .min(0)
    .max(10_000)
    .default(15)
    .describe('How long after the delivered date a return is accepted.'),
  neft_for_prepaid: z
    .enum(['ignore', 'refuse'])
    .default('ignore')
    .describe('NEFT details on the return of a prepaid order: ignored or NEFT_NOT_ALLOWED.'),
  returned_stock: z
    .enum(['sellable', 'unavailable'])
    .default('sellable')
    .describe('Where returned pieces go after a passed quality check: back on sale, or nowhere.'),
  pick_fail_stock: z
    .enum(['unavailable', 'sellable'])
    .default('unavailable')
    .describe(
      'Where the pieces go that a centre could not find or sent on: out of sale, or back on sale.',
    ),
  invoiced_reads: z
    .enum(['Packed', 'Invoiced'])
    .default('Packed')
    .describe('What look-ups call a consignment that is invoiced and not packed yet.'),
  consignment_status_at: z
    .enum(['consignmentStatus', 'status', 'data'])
    .default('consignmentStatus')
    .describe(
      'Where order details keep the state of a consignment: consignmentStatus, status, or data.consignmentStatus.',
    ),
})

export type ArvindAssumptions = z.output<typeof assumptions>
