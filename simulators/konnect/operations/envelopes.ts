import { type Answer, answer, ok } from '../../core/answer.ts'
import type { OperationCall } from '../../core/partner.ts'
import type { KonnectTypes } from '../state.ts'
import { writeMetaTime } from '../times.ts'

type Call = OperationCall<KonnectTypes>

/** ASSUMED words besides SUCCESS (facts/konnect.md 5, 5). */
export function batchStatus(total: number, failed: number): string {
  if (failed === 0) return 'SUCCESS'
  return failed === total ? 'FAILED' : 'PARTIAL_SUCCESS'
}

/** `meta` of reads: `ack_id` is a UUID (facts/konnect.md 2.0). */
export const readMeta = (call: Call): object =>
  meta(call, call.ctx.random('ids/konnect.ack').uuid(), 'SUCCESS')

/** E1, snake_case: price, inventory, AWB, status. `ack_id` is 24 hex digits there. */
export function writeEnvelope(call: Call, total: number, errors: readonly object[]): Answer {
  const failed = errors.length
  return ok({
    data: {
      payload_count: total,
      success_count: total - failed,
      failed_count: failed,
      errors,
    },
    meta: meta(call, call.ctx.random('ids/konnect.ack').hex(24), batchStatus(total, failed)),
  })
}

/** E5, camelCase: the other writes to orders. Codes stand in the body; the call itself went well. */
export const orderEnvelope = (
  total: number,
  errors: readonly object[],
  more: object = {},
  status = 200,
): Answer =>
  answer(status, {
    payloadCount: total,
    successCount: total - errors.length,
    failedCount: errors.length,
    status: batchStatus(total, errors.length),
    errors,
    ...more,
  })

/** E3: a page of catalogue data. The caller has checked the numbers. */
export function catalogPage<Item>(
  query: Record<string, unknown>,
  all: readonly Item[],
  render: (item: Item) => object,
): Answer {
  const number = typeof query.page_number === 'number' ? query.page_number : 1
  const size = typeof query.page_size === 'number' ? query.page_size : 10
  const items = all.slice((number - 1) * size, number * size).map(render)
  return ok({ items, page_number: number, page_size: size, total: all.length })
}

/** One id for each sandbox: it names the integration, not the call. */
const integrationIds = {
  fyndkonnect: '65bb00000000000000000001',
  ginesys: '65bb00000000000000000002',
  unicommerce: '65bb00000000000000000003',
} as const

const meta = ({ ctx, auth }: Call, ackId: string, status: string): object => ({
  ack_id: ackId,
  integrationId: integrationIds[auth.aggregator],
  time: writeMetaTime(ctx.nowMs),
  status,
})
