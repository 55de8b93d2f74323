import { z } from 'zod'

const seconds = z.number().min(0).max(1_000_000)

/**
 * Every behaviour of Konnect's that no source documents, behind one switch (facts/konnect.md 5). Readable and settable per world; a
 * change holds from the next request, act or event on.
 */
export const assumptions = z.object({
  token_seconds: seconds.default(3600).describe('How long an access token lives.'),
  token_reissue: z
    .enum(['keep', 'replace'])
    .default('keep')
    .describe(
      'A new token: older ones of the same login live on until they expire, or die at once.',
    ),
  rate_limit_per_minute: z
    .int()
    .min(1)
    .max(1_000_000)
    .nullable()
    .default(null)
    .describe('Calls that one token may make in a minute before 429; null: no limit.'),
  catalog_seconds: seconds
    .default(2)
    .describe('How long a catalogue job takes, spread evenly over its products.'),
  product_checks: z
    .enum(['processing', 'intake'])
    .default('processing')
    .describe(
      'When unknown brands, HS codes, taken item codes and the like are noticed: in the job, or when the call is made.',
    ),
  product_status: z
    .enum(['reference', 'guide'])
    .default('reference')
    .describe(
      'What `status` of a job says: pending, completed, failed; or the word of the intake (SUCCESS).',
    ),
  product_write: z
    .enum(['selective', 'strict'])
    .default('selective')
    .describe(
      'Update and delete take only the fields that change, or demand every field that the reference calls required.',
    ),
  trace_ids: z
    .enum(['by_operation', 'uuid', 'timestamped', 'mixed'])
    .default('by_operation')
    .describe(
      'Form of trace ids: UUID for create and update and hex-milliseconds for delete; one of them always; or drawn.',
    ),
  category_channel: z
    .string()
    .min(1)
    .max(100)
    .default('FYND')
    .describe('The ordering channel whose names of level-3 categories the catalogue calls speak.'),
  listing_count: z
    .enum(['skus', 'rows'])
    .default('skus')
    .describe(
      'What listing_count counts: different SKUs, or rows of the listings (a SKU at a location).',
    ),
  courier_seconds: seconds
    .default(3)
    .describe('How long after invoicing (or after a return began) a courier is assigned.'),
  dispatch: z
    .enum(['waits_for_courier', 'picked'])
    .default('waits_for_courier')
    .describe(
      'Dispatch of a Fynd-shipped order: it stays COMPLETED until the courier comes, or is in TRANSIT at once.',
    ),
  cancel_when_packed: z
    .enum(['refuse', 'accept'])
    .default('refuse')
    .describe('Whether a whole order that is packed and not yet picked up can be cancelled.'),
  reassigned_stock: z
    .enum(['sellable', 'unavailable'])
    .default('sellable')
    .describe(
      'Where the pieces of an order go that leaves a store: back on sale there, or out of sale (they were not there).',
    ),
  accepted_status: z
    .enum(['RETURN_COMPLETED', 'RETURN_ACCEPTED'])
    .default('RETURN_COMPLETED')
    .describe('The word for an accepted return in answers; both words are taken in queries.'),
  auto_dispatch: z
    .enum(['lenient', 'boolean'])
    .default('lenient')
    .describe('autoDispatch as "true" and "false" in quotes is taken too, or is refused.'),
  order_page_size: z
    .int()
    .min(1)
    .max(100)
    .default(20)
    .describe('Orders on a page when pageSize is not given.'),
  sla_hours: z
    .number()
    .min(0)
    .max(10_000)
    .default(24)
    .describe('Hours from the order to its `sla` and `processingDueTime`.'),
  order_events: z
    .enum(['on', 'off'])
    .default('on')
    .describe('Order events go to a seller that named a site or a webhook_url, or to nobody.'),
  webhook_signature: z
    .enum(['hmac', 'none'])
    .default('hmac')
    .describe('Order events carry x-konnect-signature (HMAC-SHA256 of the raw body), or nothing.'),
  webhook_ladder: z
    .array(seconds)
    .max(100)
    .default([10, 60, 300])
    .describe('Seconds between a failed order event and the next attempt; then it is given up.'),
  webhook_order: z
    .enum(['fifo', 'shuffle'])
    .default('fifo')
    .describe('Order in which events that are due together leave.'),
})

export type KonnectAssumptions = z.output<typeof assumptions>
