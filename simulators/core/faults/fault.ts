import type { z } from 'zod'
import type { Answer } from '../answer.ts'
import type { BatchShape, SentCall } from '../batch-shape.ts'
import type { Delivery } from '../messenger/delivery.ts'
import type { BodyNames } from '../partner.ts'
import type { Refusal } from '../refusal.ts'

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
  /**
   * Goes out instead of the handler's answer; needed when `apply` is `never`, unless `transport` sends nothing. A refusal is rendered in
   * the partner's dialect.
   */
  instead?: Answer | Refusal
  /** What the partner's handler reads instead of the sound call that was sent, in this order. */
  callRewrites?: readonly ((call: SentCall) => SentCall)[]
  /** Changes of the answer, whoever gave it, in this order; `sent` is the call as the client sent it. */
  rewrites?: readonly ((answer: Answer, sent: SentCall) => Answer)[]
  /** How long the answer is held on the world's clock. */
  holdMs: number
  transport?: Transport
}

/**
 * What a fault may read besides the plan. `draw` is uniform in [0, 1) and the only chance a fault has; what `probability` used of it is
 * taken out, so that both can lean on one number.
 */
export interface FaultHow<Options> {
  options: Options
  draw: number
  nowMs: number
  /** Numbers that this armed fault keeps from one match to the next; it may write here. */
  memory: Record<string, number>
}

/** What a webhook fault may read besides. */
export interface WebhookFaultHow<Options> extends FaultHow<Options> {
  /** What this armed fault holds back, oldest first; return those too if they may go now (with `hold: false`). */
  held: PlannedDelivery[]
  /** What the partner calls things in its bodies. */
  names: BodyNames
}

/** An HTTP fault: a pure rewrite of what happens to one call. One file each in `faults/http/`. */
export interface HttpFault<Options = unknown> {
  name: string
  about: string
  /** An object without the names that every fault has (`on`, `where`, `first`, …). Unknown keys are refused by name. */
  options: z.ZodObject
  apply(plan: CallPlan, how: FaultHow<Options>): CallPlan
}

export const defineHttpFault = <Schema extends z.ZodObject>(fault: {
  name: string
  about: string
  options: Schema
  apply(plan: CallPlan, how: FaultHow<z.output<Schema>>): CallPlan
}): HttpFault<z.output<Schema>> & { options: Schema } => fault

/** What a batch fault may read besides. */
export interface BatchFaultHow<Options> extends FaultHow<Options> {
  /** How the operation works; it has all that the fault needs. */
  batch: BatchShape
}

/** A rewrite of a call to an operation that takes many things at once. One file each in `faults/batch/`. */
export interface BatchFault<Options = unknown> {
  name: string
  about: string
  options: z.ZodObject
  /** What an operation must say of itself, else the fault cannot be put on it. */
  needs: readonly (keyof BatchShape)[]
  apply(plan: CallPlan, how: BatchFaultHow<Options>): CallPlan
}

export const defineBatchFault = <Schema extends z.ZodObject>(fault: {
  name: string
  about: string
  options: Schema
  needs: readonly (keyof BatchShape)[]
  apply(plan: CallPlan, how: BatchFaultHow<z.output<Schema>>): CallPlan
}): BatchFault<z.output<Schema>> & { options: Schema } => fault

/** One event about to be delivered; a webhook fault may return none, one or several of these. `hold` keeps it back. */
export interface PlannedDelivery
  extends Pick<Delivery, 'event' | 'eventId' | 'body' | 'headers' | 'contentType'> {
  /** Set when this fault held it earlier; a new copy has none. */
  id?: string
  dueMs: number
  hold: boolean
  tamper?: NonNullable<Delivery['tamper']>
  /** So many of its first attempts are signed with another secret; 0: none. */
  wrongSignatures: number
}

/** A webhook fault: a pure rewrite of the delivery plan. One file each in `faults/webhook/`. */
export interface WebhookFault<Options = unknown> {
  name: string
  about: string
  options: z.ZodObject
  /** Events besides `on` that it must hear of; they do not count as matches. */
  alsoOn?(options: Options): readonly string[]
  /** It leaves the plan alone and strikes attempts instead, as long as it is armed: none arrives, or all are signed with another key. */
  onAttempt?: 'cut-off' | 'other-key'
  apply(plan: PlannedDelivery[], how: WebhookFaultHow<Options>): PlannedDelivery[]
}

export const defineWebhookFault = <Schema extends z.ZodObject>(fault: {
  name: string
  about: string
  options: Schema
  alsoOn?(options: z.output<Schema>): readonly string[]
  onAttempt?: 'cut-off' | 'other-key'
  apply(plan: PlannedDelivery[], how: WebhookFaultHow<z.output<Schema>>): PlannedDelivery[]
}): WebhookFault<z.output<Schema>> & { options: Schema } => fault
