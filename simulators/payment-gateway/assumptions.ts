import { z } from 'zod'

const secondsMax = 30 * 24 * 3600
const seconds = z.number().min(0).max(secondsMax)
const sending = z.enum(['sent', 'none', 'delayed', 'duplicated']).default('sent')

/**
 * The whole wire format is ASSUMED (facts/kartify.md 10.1); these are the parts that a tester will want otherwise. A change holds from
 * the next payment event on.
 */
export const assumptions = z.object({
  callback: sending.describe(
    "The customer's browser coming back to return_url: at once, never, callback_late_seconds later, or twice.",
  ),
  webhook: sending.describe(
    'The webhook after each payment event: sent, never, webhook_late_seconds later than usual, or twice with one event id.',
  ),
  webhook_lag_seconds: seconds
    .default(60)
    .describe('Seconds from a payment event to the first attempt of its webhook.'),
  callback_late_seconds: seconds
    .default(600)
    .describe('Seconds until the callback comes where callback is delayed.'),
  webhook_late_seconds: seconds
    .default(3600)
    .describe('Seconds more than usual where webhook is delayed.'),
  duplicate_gap_seconds: seconds
    .default(30)
    .describe('Seconds between the two of a duplicated callback or webhook.'),
  webhook_retry_minutes: z
    .array(
      z
        .number()
        .min(0)
        .max(secondsMax / 60),
    )
    .max(20)
    .default([1, 5, 30])
    .describe('Minutes from a failed webhook attempt to the next; then the webhook is given up.'),
  repeat_initiate: z
    .enum(['new_payment', 'reuse_open', 'refuse'])
    .default('new_payment')
    .describe(
      'Initiate for a merchant_order_id that has a payment: a new payment each time, the open one again when the amount is the same, or 409 while one is open or took money.',
    ),
})

export type GatewayAssumptions = z.output<typeof assumptions>
