import { z } from 'zod'

/** `orderItemId`: the refusal is about this item of the order, not about all of it. */
export type RecordFailure = { code: string; message: string; orderItemId?: string }

/** What a batch did, record by record. `doubtful`: the counters do not add up, so nobody knows about these. */
export type BatchResult = {
  done: string[]
  failed: Map<string, RecordFailure>
  doubtful: string[]
}

const count = z.number().int().nonnegative().nullish()

const errorShape = z.looseObject({
  orderId: z.string().nullish(),
  order_id: z.string().nullish(),
  orderItemId: z.string().nullish(),
  location_id: z.string().nullish(),
  sku: z.string().nullish(),
  code: z.union([z.string(), z.number()]).nullish(),
  message: z.string().nullish(),
})

type WireError = z.infer<typeof errorShape>

const errorsShape = z.array(z.unknown()).transform((errors) =>
  errors.flatMap((error) => {
    const parsed = errorShape.safeParse(error)
    return parsed.success ? [parsed.data] : []
  }),
)

/** E5 (camel case, flat) and E1 (snake case, under `data`), konnect.md 2.0. */
const camelShape = z.looseObject({
  successCount: count,
  failedCount: count,
  errors: errorsShape.nullish(),
})
const snakeShape = z.looseObject({
  data: z.looseObject({ success_count: count, failed_count: count, errors: errorsShape.nullish() }),
})

export type Counters = {
  succeeded: number | undefined
  failed: number | undefined
  errors: WireError[]
}

/** The counters and errors of either envelope, or undefined when the body is neither. */
export function readCounters(json: unknown): Counters | undefined {
  const snake = snakeShape.safeParse(json)
  if (snake.success) {
    const { success_count, failed_count, errors } = snake.data.data
    if (success_count == null && failed_count == null && errors == null) return undefined
    return told(success_count, failed_count, errors)
  }
  const camel = camelShape.safeParse(json)
  if (!camel.success) return undefined
  const { successCount, failedCount, errors } = camel.data
  if (successCount == null && failedCount == null && errors == null) return undefined
  return told(successCount, failedCount, errors)
}

/**
 * Reads a batch record by record: partial success is normal, and only what Konnect vouches for is done. `keyOf` names the record that
 * an error is about.
 */
export function readRecords(
  counters: Counters,
  keys: string[],
  keyOf: (error: WireError) => string | undefined,
): BatchResult {
  const failed = new Map<string, RecordFailure>()
  const sent = new Set(keys)
  for (const error of counters.errors) {
    const key = keyOf(error)
    if (key !== undefined && sent.has(key) && !failed.has(key)) failed.set(key, failureOf(error))
  }
  const [only] = keys
  // An error of a single record needs no name.
  if (keys.length === 1 && only !== undefined && failed.size === 0 && hasFailures(counters)) {
    failed.set(only, failureOf(counters.errors[0]))
  }
  const rest = keys.filter((key) => !failed.has(key))
  const isCertain =
    counters.succeeded === undefined
      ? (counters.failed ?? failed.size) === failed.size
      : counters.succeeded === rest.length
  return { done: isCertain ? rest : [], failed, doubtful: isCertain ? [] : rest }
}

/** For batches of orders. */
export const orderKey = (error: WireError) => error.orderId ?? error.order_id ?? undefined

/** For stock and prices. */
export const rowKey = (row: {
  location_id?: string | null | undefined
  sku?: string | null | undefined
}) => (row.location_id == null || row.sku == null ? undefined : `${row.location_id}\n${row.sku}`)

function hasFailures(counters: Counters): boolean {
  return counters.errors.length > 0 || (counters.failed ?? 0) > 0
}

function told(
  succeeded: number | null | undefined,
  failed: number | null | undefined,
  errors: WireError[] | null | undefined,
): Counters {
  return { succeeded: succeeded ?? undefined, failed: failed ?? undefined, errors: errors ?? [] }
}

function failureOf(error: WireError | undefined): RecordFailure {
  return {
    code: error?.code == null ? 'unknown' : String(error.code),
    message: (error?.message ?? 'Konnect refused the record without a reason.').slice(0, 300),
    ...(error?.orderItemId != null && { orderItemId: error.orderItemId }),
  }
}
