import type { HeardAnswer } from '../../core/partner.ts'
import { pushCredentials, updateInventoryUrl } from '../site.ts'
import type { ArvindContext } from '../state.ts'
import { sellableTotal } from './stock.ts'

/** One row of update inventory (facts/arvind.md 3.1): an absolute quantity that replaces the old one. */
export interface InventoryRow {
  skuId: string
  quantity: number
  /** Epoch milliseconds: when the quantity was true. */
  updatedAt?: number
}

/** How often the timer looks whether a full push is due. The switch goes in steps of it. */
export const tickMs = 5 * 60_000

/** Answered pushes that are remembered, and refused SKUs; a run must not grow without end. */
export const pushesKeptMax = 200
export const rejectionsKeptMax = 10_000

/** A SKU's quantity changed: the shop hears of it a little later, together with what else changes until then. */
export function noteChange(ctx: ArvindContext, skuId: string): void {
  const delaySeconds = ctx.assumptions.inventory_delta_seconds
  if (delaySeconds === null) return
  ctx.state.changed.add(skuId)
  if (ctx.state.isPushScheduled) return
  ctx.state.isPushScheduled = true
  const dueMs = ctx.nowMs + Math.round(delaySeconds * 1000)
  ctx.schedule({ name: 'arvind.inventory.push-changes', kind: 'work', dueMs, args: {} })
}

/** The timer of `noteChange`. What cannot be sent because no shop is named waits for the next full push. */
export function pushChanges(ctx: ArvindContext): void {
  const skus = [...ctx.state.changed]
  ctx.state.changed.clear()
  ctx.state.isPushScheduled = false
  if (skus.length > 0 && updateInventoryUrl(ctx) !== undefined) pushSkus(ctx, skus)
}

/** The periodic timer: a full push when the last one is long enough ago, then the next tick. */
export function tick(ctx: ArvindContext): void {
  const everyMinutes = ctx.assumptions.inventory_full_minutes
  const isDue =
    everyMinutes !== null && ctx.nowMs - ctx.state.lastFullPushMs >= everyMinutes * 60_000
  if (isDue && updateInventoryUrl(ctx) !== undefined) pushAll(ctx)
  scheduleTick(ctx)
}

export function scheduleTick(ctx: ArvindContext): void {
  const dueMs = ctx.nowMs + tickMs
  ctx.schedule({ name: 'arvind.inventory.tick', kind: 'periodic', dueMs, args: {} })
}

/** Pushes the whole catalogue. Answers how many SKUs and calls. */
export function pushAll(ctx: ArvindContext): { skus: number; calls: number } {
  ctx.state.lastFullPushMs = ctx.nowMs
  ctx.state.changed.clear()
  return pushSkus(ctx, [...ctx.catalogue.skus.keys()])
}

/** Pushes these SKUs as they stand now, in batches. */
export function pushSkus(
  ctx: ArvindContext,
  skus: readonly string[],
): { skus: number; calls: number } {
  const size = ctx.assumptions.inventory_batch_size
  const withTime = ctx.assumptions.inventory_updated_at
  let calls = 0
  for (let start = 0; start < skus.length; start += size) {
    const rows = skus.slice(start, start + size).map((skuId): InventoryRow => {
      const quantity = sellableTotal(ctx, skuId)
      return withTime ? { skuId, quantity, updatedAt: ctx.nowMs } : { skuId, quantity }
    })
    sendRows(ctx, rows)
    calls += 1
  }
  ctx.record('arvind.inventory.pushed', { skus: skus.length, calls })
  return { skus: skus.length, calls }
}

/** Puts one call in the outbox exactly as it is. Rows that the document forbids go out under an event name of their own. */
export function sendRows(
  ctx: ArvindContext,
  rows: readonly InventoryRow[],
  ids: { channelId?: string | undefined; warehouseId?: string | undefined } = {},
): string {
  const eventId = ctx.random('ids/arvind.event').uuid()
  const isSound =
    rows.length >= 1 && rows.length <= 200 && rows.every(({ quantity }) => quantity >= 0)
  ctx.emit({
    event: isSound ? 'update-inventory' : 'malformed-update-inventory',
    channel: 'inventory',
    subscriber: ctx.credentials.channel_id,
    eventId,
    body: {
      ...(ctx.assumptions.inventory_auth === 'body' && pushCredentials(ctx)),
      channelId: ids.channelId ?? ctx.credentials.channel_id,
      warehouseId: ids.warehouseId ?? ctx.credentials.warehouse_id,
      inventories: rows,
    },
  })
  return eventId
}

/** Reads what the shop said about each SKU and keeps it, so that an operator can see which SKUs the shop does not know. */
export function readPushAnswer(ctx: ArvindContext, answer: HeardAnswer): void {
  const { rejections, pushes } = ctx.state
  const sent = listOf(parseObject(answer.sent).inventories)
  const isAccepted = answer.status >= 200 && answer.status < 300
  const said = isAccepted ? parseAnswer(answer.body) : undefined
  for (const skuId of said?.accepted ?? []) rejections.delete(skuId)
  for (const { skuId, errorCode, message } of said?.failed ?? []) {
    if (rejections.size >= rejectionsKeptMax && !rejections.has(skuId)) break
    rejections.set(skuId, { errorCode, message, atMs: ctx.nowMs })
  }
  const record = {
    eventId: answer.eventId,
    atMs: ctx.nowMs,
    httpStatus: answer.status,
    skus: sent.length,
    accepted: said?.accepted.length ?? 0,
    failed: said?.failed.length ?? 0,
  }
  pushes.push(record)
  if (pushes.length > pushesKeptMax) pushes.shift()
  ctx.record('arvind.inventory.answered', {
    ...record,
    failures: (said?.failed ?? [])
      .slice(0, 20)
      .map(({ skuId, errorCode }) => ({ skuId, errorCode })),
  })
}

interface ReadAnswer {
  accepted: string[]
  failed: { skuId: string; errorCode: string; message: string }[]
}

/** Never trusts the shop: what is no `{successList, failureList}` says nothing. */
function parseAnswer(text: string): ReadAnswer {
  const { successList, failureList } = parseObject(text)
  return {
    accepted: listOf(successList).filter((skuId) => typeof skuId === 'string'),
    failed: listOf(failureList).flatMap((row) => {
      const { skuId, errorCode, message } = (row ?? {}) as Record<string, unknown>
      if (typeof skuId !== 'string') return []
      return [{ skuId, errorCode: textOf(errorCode), message: textOf(message) }]
    }),
  }
}

/** An empty object for what is cut or no JSON: the push arrived, its results are unknown. A fault may have cut what was sent, too. */
export function parseObject(text: string): Record<string, unknown> {
  try {
    return (JSON.parse(text) ?? {}) as Record<string, unknown>
  } catch {
    return {}
  }
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

const textOf = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 200) : '')
