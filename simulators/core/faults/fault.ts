import type { z } from 'zod'
import type { Answer } from '../answer.ts'
import type { Delivery } from '../messenger/delivery.ts'

/** What the wire does to an otherwise ordinary answer; each way in (in-process, socket) renders it. */
export type Transport =
  | { kind: 'hang' }
  | { kind: 'reset' }
  | { kind: 'empty-reply' }
  | { kind: 'truncate'; bytes: number }
  | { kind: 'drip'; chunkBytes: number; everyMs: number }

/**
 * What will happen to one call. It begins as `{ apply: 'yes', holdMs: 0 }` and each matching fault rewrites it in the order of arming.
 */
export interface CallPlan {
  /** `yes`; `never`: the partner's handler does not run; `undone`: it runs and its effects are taken back. */
  apply: 'yes' | 'never' | 'undone'
  /** Goes out instead of the handler's answer; needed when `apply` is `never`, unless `transport` sends nothing. */
  instead?: Answer
  /** How long the answer is held on the world's clock. */
  holdMs: number
  transport?: Transport
}

/** An HTTP fault: a pure rewrite of what happens to one call. One file each in `faults/http/`. */
export interface HttpFault<Options = unknown> {
  name: string
  about: string
  options: z.ZodType<Options>
  apply(plan: CallPlan, how: { options: Options; draw: number; nowMs: number }): CallPlan
}

export const defineHttpFault = <Schema extends z.ZodType>(fault: {
  name: string
  about: string
  options: Schema
  apply(plan: CallPlan, how: { options: z.output<Schema>; draw: number; nowMs: number }): CallPlan
}): HttpFault => fault as unknown as HttpFault

/** One event about to be delivered; a webhook fault may return none, one or several of these. `hold` keeps it back. */
export interface PlannedDelivery
  extends Pick<Delivery, 'event' | 'eventId' | 'body' | 'headers' | 'contentType'> {
  /** Set when this fault held it earlier; a new copy has none. */
  id?: string
  dueMs: number
  hold: boolean
  tamper?: NonNullable<Delivery['tamper']>
  /** `wrong`: the signature headers are made with another secret. */
  signature: 'good' | 'wrong'
}

/** A webhook fault: a pure rewrite of the delivery plan. One file each in `faults/webhook/`. */
export interface WebhookFault<Options = unknown> {
  name: string
  about: string
  options: z.ZodType<Options>
  /** `held`: what this armed fault holds back, oldest first; return those too if they may go now (with `hold: false`). */
  apply(
    plan: PlannedDelivery[],
    how: { options: Options; draw: number; nowMs: number; held: PlannedDelivery[] },
  ): PlannedDelivery[]
}

export const defineWebhookFault = <Schema extends z.ZodType>(fault: {
  name: string
  about: string
  options: Schema
  apply(
    plan: PlannedDelivery[],
    how: { options: z.output<Schema>; draw: number; nowMs: number; held: PlannedDelivery[] },
  ): PlannedDelivery[]
}): WebhookFault => fault as unknown as WebhookFault
