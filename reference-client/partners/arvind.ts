import { z } from 'zod'
import type { ShopPorts } from '../ports.ts'
import type { ArvindSettings } from '../settings.ts'
import { askedBy, type Call, type Caller, type KeptBodies, type Trace, understood } from './call.ts'
import { type Answer, type PartnerFailure, refusedAnswer } from './errors.ts'

/** The connector's name in Arvind's paths (arvind.md 3.3, ASSUMED). */
const marketplace = 'KARTIFY'

const timeouts = { readMs: 4_000, writeMs: 10_000 }

type Context = { trace: Trace; attempt?: number; orderId?: string; keeps?: KeptBodies }

export type WireItem = { skuId: string; quantity: number }

export type ServiceabilityQuestion = {
  location: string
  channelId: string
  orderingStoreId: string
  paymentMode: 'COD' | 'PREPAID'
  items: (WireItem & { warehouseId: string })[]
}

export type CancelRequest = {
  orderReference: string
  channelId: string
  cancelledBy: 'CUSTOMER'
  items: (WireItem & {
    itemReference: string
    reasonId: string
    reason: string
    comment: string
  })[]
}

export type NeftDetails = {
  customerName: string
  bankName: string
  branchName: string
  branchAddress: string
  accountNature: 'SAVINGS' | 'CURRENT'
  accountNumber: string
  ifscCode: string
}

export type ReturnRequest = {
  orderReference: string
  channelId: string
  paymentMode: 'COD' | 'PREPAID'
  returns: (WireItem & {
    itemId: string
    reasonId: string
    comment: string
    returnMode: 'PICKUP' | 'STORE'
  })[]
  pickupAddress: object
  neftDetails?: NeftDetails
}

/**
 * The Arvind calls (arvind.md 3.2 to 3.6), one attempt each. Every one throws a `PartnerError` on failure; a refusal comes as HTTP
 * 200 with `status: false`.
 */
export function createArvind(ports: ShopPorts, caller: Caller, settings: () => ArvindSettings) {
  const prepare = (operation: string, path: string, context: Context, body?: string): Call => {
    const { api_url: base, auth_token: token } = settings()
    const isRead = body === undefined || operation === 'serviceability'
    return {
      partner: 'arvind',
      operation,
      method: body === undefined ? 'GET' : 'POST',
      url: `${base.replace(/\/+$/, '')}${path}`,
      timeoutMs: isRead ? timeouts.readMs : timeouts.writeMs,
      attempt: context.attempt ?? 1,
      ...(context.orderId !== undefined && { orderId: context.orderId }),
      ...(context.keeps !== undefined && { keeps: context.keeps }),
      ...(body !== undefined && { body }),
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json; charset=utf-8' }),
        ...(context.keeps !== undefined && { 'x-correlation-id': context.keeps.correlationId }),
      },
    }
  }
  const ask = async <T>(call: Call, context: Context, shape: z.ZodType<T>): Promise<T> => {
    const answer = await caller(call, context.trace)
    const { status } = understood(call, ports, answer, (json) => envelope.safeParse(json))
    if (!status) throw refusedAnswer(askedBy(call, ports), answer, reasonOf(answer.json))
    return understood(call, ports, answer, (json) => shape.safeParse(json))
  }
  const path = `/v1/${marketplace}/order`
  const track = (orderReference: string, context: Context) =>
    prepare(
      'track-order',
      `/orders/status/tracking?orderReference=${encodeURIComponent(orderReference)}`,
      context,
    )
  return {
    /** Whether everything can be had and delivered (arvind.md 3.2). Not serviceable is an answer, not an error. */
    serviceability: (question: ServiceabilityQuestion, context: Context) =>
      ask(
        prepare(
          'serviceability',
          '/v1/order/checkServiceability',
          context,
          JSON.stringify(question),
        ),
        context,
        serviceabilityShape,
      ),
    /** Hands an order over, with a body that was written down before (arvind.md 3.3). */
    pushOrder: (body: string, context: Context) =>
      ask(prepare('order-push', `${path}/v2`, context, body), context, pushedShape),
    /** Asks to cancel items (arvind.md 3.5). Throws when the one item asked for was refused, whatever the top says. */
    cancel: async (request: CancelRequest, context: Context): Promise<null> => {
      const call = prepare('cancel', `${path}/cancel`, context, JSON.stringify(request))
      const answer = await caller(call, context.trace)
      const told = understood(call, ports, answer, (json) => cancelledShape.safeParse(json))
      const items = told.data?.items ?? []
      const isRefused = items.some(isIneligible)
      if (told.status && !isRefused) return null
      throw refusedAnswer(askedBy(call, ports), answer, reasonOf(answer.json))
    },
    /** Asks to send items back (arvind.md 3.6); answers Arvind's id of the return when it tells one. */
    return: async (request: ReturnRequest, context: Context): Promise<string | null> => {
      const call = prepare('return', `${path}/return`, context, JSON.stringify(request))
      const answer = await caller(call, context.trace)
      const told = understood(call, ports, answer, (json) => returnedShape.safeParse(json))
      const [first] = told.data?.returns ?? []
      const isRefused =
        first !== undefined &&
        (isIneligible(first) || (first.returnId == null && first.reason != null))
      if (told.status && !isRefused) return first?.returnId ?? null
      throw refusedAnswer(askedBy(call, ports), answer, reasonOf(answer.json))
    },
    /** The operator's look at an order (arvind.md 3.4): whatever came back. */
    track: (orderReference: string, context: Context): Promise<Answer> =>
      caller(track(orderReference, context), context.trace),
  }
}

export type Arvind = ReturnType<typeof createArvind>

/**
 * Whether Arvind may have done what was asked. Only its own no (HTTP 200 with `status: false`, arvind.md 3.3) ends a doubt: a 4xx after
 * a lost answer comes from whatever stands in between, and a 5xx says nothing about the work.
 */
export function isInDoubt(failure: PartnerFailure, wasInDoubt: boolean): boolean {
  if (isNo(failure)) return false
  return wasInDoubt || failure.maybeApplied || failure.kind === 'unavailable'
}

/** Arvind's own no, told apart from an HTTP error. */
function isNo({ kind, status = 0 }: PartnerFailure): boolean {
  return kind === 'refused' && status >= 200 && status < 300
}

/** What a look-up says of an order: it is there, it is not, or (undefined) nothing that can be relied on. */
export function readTracked(answer: Answer, orderReference: string): boolean | undefined {
  const told = trackedShape.safeParse(answer.json)
  if (!told.success) return undefined
  if (answer.status === 200 && told.data.data?.orderReference === orderReference) return true
  const isUnknown = told.data.status === false && told.data.errorCode === 'ORDER_NOT_FOUND'
  return isUnknown && (answer.status === 200 || answer.status === 404) ? false : undefined
}

const text = z.string().nullish()
/** Values of eligibility may come as strings (arvind.md 3.5). */
const eligible = z.union([z.boolean(), z.string()]).nullish()

function isIneligible(item: { eligible?: boolean | string | null | undefined }): boolean {
  return item.eligible === false || item.eligible === 'false'
}

const envelope = z.object({ status: z.boolean() })

const trackedShape = z.object({
  status: z.boolean().optional(),
  errorCode: text,
  data: z.object({ orderReference: text }).nullish(),
})

const serviceabilityShape = z.object({
  message: text,
  data: z.object({
    serviceable: z.boolean(),
    codAvailable: z.boolean().nullish(),
    items: z
      .array(
        z.object({
          skuId: z.string(),
          availableQuantity: z.number().nullish(),
          serviceable: z.boolean().nullish(),
          inventoryAvailable: z.boolean().nullish(),
          reason: text,
        }),
      )
      .nullish(),
  }),
})

export type Serviceability = z.infer<typeof serviceabilityShape>

const pushedShape = z.object({
  data: z
    .object({ orderId: z.union([z.string(), z.number()]).transform(String).nullish() })
    .nullish(),
})

const cancelledShape = z.object({
  status: z.boolean(),
  data: z
    .object({
      items: z.array(z.object({ eligible })).nullish(),
    })
    .nullish(),
})

const returnedShape = z.object({
  status: z.boolean(),
  data: z
    .object({ returns: z.array(z.object({ eligible, returnId: text, reason: text })).nullish() })
    .nullish(),
})

const reasonShape = z.object({
  data: z.object({
    items: z.array(z.object({ reason: text })).nullish(),
    returns: z.array(z.object({ reason: text })).nullish(),
  }),
})

/** The reason that stands beside the one item asked about, for answers whose top names none. */
function reasonOf(json: unknown): string | undefined {
  const parsed = reasonShape.safeParse(json)
  if (!parsed.success) return undefined
  const { items, returns } = parsed.data.data
  return (
    [...(items ?? []), ...(returns ?? [])].find((row) => row.reason != null)?.reason ?? undefined
  )
}

/** A status webhook (arvind.md 3.7). */
export const statusShape = z.object({
  eventId: z.string().min(1).max(200).optional(),
  orderReference: z.string().min(1).max(100),
  channelId: z.string().max(100).nullish(),
  consignmentId: z.string().max(100).nullish(),
  status: z.string().min(1).max(100),
  statusTime: z.int().nonnegative(),
  items: z
    .array(
      z.object({
        itemReference: z.string().max(200).nullish(),
        skuId: z.string().max(100).nullish(),
        quantity: z.number().nullish(),
        status: z.string().max(100).nullish(),
      }),
    )
    .max(1_000)
    .nullish()
    .transform((items) => items ?? []),
  invoiceNumber: z.string().max(200).nullish(),
  invoiceUrl: z.string().max(500).nullish(),
  awbNumber: z.string().max(200).nullish(),
  courierName: z.string().max(200).nullish(),
  trackingUrl: z.string().max(500).nullish(),
  deliveredDate: z.string().max(40).nullish(),
  reason: z.string().max(500).nullish(),
  returnId: z.string().max(200).nullish(),
  refundStatus: z.string().max(100).nullish(),
})

export type StatusEvent = z.infer<typeof statusShape>

/** The item states that have a webhook, in the order of an item's life, with the labels of View order (arvind.md 4.2). */
export const arvindStatuses = {
  INVOICED: 'Invoiced',
  PACKED: 'Packed',
  SHIPPED: 'Shipped',
  OUT_FOR_DELIVERY: 'Out for Delivery',
  UNDELIVERED: 'Delivery failed',
  DELIVERED: 'Delivered',
  UNFULFILLED: 'Unfulfillable',
  CANCELLED: 'Cancelled',
  RTO_INITIATED: 'Coming back',
  RTO_RECEIVED: 'Came back',
  RETURN_REQUESTED: 'Return requested',
  RETURN_PICKED: 'Return picked up',
  RETURN_RECEIVED: 'Return received',
  RETURN_QC_FAILED: 'Return not accepted',
  REFUND_INITIATED: 'Refund initiated',
  REFUNDED: 'Refunded',
} as const

export type ArvindStatus = keyof typeof arvindStatuses

export function isArvindStatus(word: string): word is ArvindStatus {
  return Object.hasOwn(arvindStatuses, word)
}
