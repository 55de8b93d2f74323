import type { Channel, HeardAnswer, Webhooks } from '../core/partner.ts'
import { parseObject, readPushAnswer } from './rules/inventory-push.ts'
import { type ItemStatus, isTold, toldStatuses } from './rules/item-machine.ts'
import { orderStatusUrl, pushCredentials, updateInventoryUrl } from './site.ts'
import {
  type ArvindContext,
  type ArvindTypes,
  consignmentOf,
  type Item,
  type Order,
} from './state.ts'
import { writeUtc } from './times.ts'

/** An attempt without an answer counts as failed after this long (ASSUMED). */
const timeoutMs = 10_000

/** A status word that the document does not know goes out under this name (the act `arvind.status.send`). */
export const unlistedStatus = 'unlisted-status'

/** Update inventory, sound or broken on purpose, and the order status webhook under the name of the status that it tells. */
export const events = [
  'update-inventory',
  'malformed-update-inventory',
  ...toldStatuses,
  unlistedStatus,
] as const

/** Update inventory: pushed to the shop; what it answers about each SKU is read (facts/arvind.md 3.1). */
const inventory: Channel<ArvindTypes> = {
  url: (ctx) => updateInventoryUrl(ctx),
  ladder: (ctx) => ({
    gapsMs: toMs(ctx.assumptions.inventory_gaps_minutes),
    timeoutMs,
    // Then the SKUs wait for their next change, or the next full push.
    onExhausted: 'dead-letter',
  }),
  sign: (ctx, bytes) => (ctx.assumptions.inventory_auth === 'basic' ? basic(ctx, bytes) : {}),
  // The table of facts/arvind.md 3.1: only after a 5xx (or no answer) Arvind comes again.
  isFinal: (ctx, { status }) => ctx.assumptions.inventory_retry === '5xx' && status < 500,
  onAnswer: readPushAnswer,
}

/** The order status webhook (facts/arvind.md 3.7). No signature; how it proves itself is a switch. */
const status: Channel<ArvindTypes> = {
  url: (ctx) => orderStatusUrl(ctx),
  ladder: (ctx) => ({
    gapsMs: toMs(ctx.assumptions.webhook_gaps_minutes),
    timeoutMs,
    onExhausted: 'dead-letter',
  }),
  sign: (ctx, bytes) => {
    const { webhook_auth } = ctx.assumptions
    if (webhook_auth === 'none') return {}
    if (webhook_auth === 'basic') return basic(ctx, bytes)
    return { 'x-arvind-secret': passwordFor(ctx, bytes) }
  },
  isSuccess: (ctx, answer) => isSuccess(ctx, answer),
  ordering: (ctx) => ctx.assumptions.webhook_ordering,
}

export const webhooks: Webhooks<ArvindTypes> = {
  events,
  channels: { inventory, status },
  names: {
    item: ['itemReference', 'skuId'],
    order: ['orderReference', 'consignmentId'],
    account: ['channelId'],
    times: ['statusTime', 'deliveredDate', 'updatedAt'],
  },
}

/** Tells the shop that items of one consignment entered a state, if the switch `webhook_scope` has it. Bystanders have nobody listening. */
export function announce(
  ctx: ArvindContext,
  order: Order,
  items: readonly Item[],
  to: ItemStatus,
): void {
  if (items.length === 0 || order.channelId !== ctx.credentials.channel_id) return
  if (!isTold(to, ctx.assumptions.webhook_scope)) return
  // A return is an item's own: its id stands once in a body.
  const bodies = items[0]?.returnId ? items.map((item) => [item]) : [items]
  for (const told of bodies) sendStatus(ctx, to, renderStatus(ctx, order, told, to))
}

/** Puts one order status call in the outbox; answers its event id. */
export function sendStatus(ctx: ArvindContext, event: string, body: object): string {
  const eventId = ctx.random('ids/arvind.event').uuid()
  ctx.emit({
    event,
    channel: 'status',
    subscriber: ctx.credentials.channel_id,
    eventId,
    body: { eventId, ...body },
  })
  return eventId
}

/** The body of facts/arvind.md 3.7; what is not known yet is left out. */
function renderStatus(
  ctx: ArvindContext,
  order: Order,
  items: readonly Item[],
  to: ItemStatus,
): object {
  const [first] = items
  const consignment = first && consignmentOf(order, first)
  const { invoiceNumber, courier } = consignment ?? {}
  return {
    orderReference: order.orderReference,
    channelId: order.channelId,
    ...(consignment && { consignmentId: consignment.id }),
    status: to,
    statusTime: ctx.nowMs,
    items: items.map(({ itemReference, skuId, quantity, status: itemStatus }) => ({
      itemReference,
      skuId,
      quantity,
      status: itemStatus,
    })),
    ...(invoiceNumber && {
      invoiceNumber,
      invoiceUrl: `https://invoice.example/${encodeURIComponent(invoiceNumber)}`,
    }),
    ...(courier && {
      awbNumber: courier.awb,
      courierName: courier.name,
      trackingUrl: `https://track.example/${encodeURIComponent(courier.awb)}`,
    }),
    ...(to === 'DELIVERED' &&
      first?.deliveredAtMs && { deliveredDate: writeUtc(first.deliveredAtMs) }),
    ...(first?.reason && { reason: first.reason }),
    ...(first?.comment && { comment: first.comment }),
    ...(first?.returnId && { returnId: first.returnId, refundStatus: refundStatus(to) }),
  }
}

/** The refund as the return journey has it; the public word list is not known (ASSUMED). */
export function refundStatus(status: ItemStatus): string {
  if (status === 'RETURN_QC_FAILED') return 'REJECTED'
  if (status === 'REFUND_INITIATED') return 'INITIATED'
  return status === 'REFUNDED' ? 'COMPLETED' : 'PENDING'
}

function isSuccess(ctx: ArvindContext, answer: HeardAnswer): boolean {
  if (ctx.assumptions.webhook_success === 'any_2xx') {
    return answer.status >= 200 && answer.status < 300
  }
  // Partner: 200 and `{"status":true}`; anything else is retried (facts/arvind.md 3.7).
  return answer.status === 200 && parseObject(answer.body).status === true
}

const basic = (ctx: ArvindContext, bytes: string): Record<string, string> => {
  const pair = `${pushCredentials(ctx).username}:${passwordFor(ctx, bytes)}`
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
}

/**
 * Basic credentials say nothing about the bytes. Asked to sign others than those that are sent (the fault `wrong-signature`), Arvind gives a
 * wrong password, which is what a wrong signature comes to here.
 */
const passwordFor = (ctx: ArvindContext, bytes: string): string =>
  bytes.endsWith('}') ? pushCredentials(ctx).password : 'fake-wrong-password'

const toMs = (gapsMinutes: readonly number[]): number[] =>
  gapsMinutes.map((gap) => Math.round(gap * 60_000))
