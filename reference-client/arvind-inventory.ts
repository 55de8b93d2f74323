import { z } from 'zod'
import type { ArvindSite } from './arvind-site.ts'
import { readArvindTime } from './arvind-times.ts'
import { logPartner } from './site.ts'

/** arvind.md 3.1: how many SKUs one push carries. */
const inventoriesMax = 200

/** The body of update inventory. Its rows are read one by one, so that a bad one fails alone (arvind.md 3.1). */
export const inventoryShape = z.object({
  channelId: z.string(),
  warehouseId: z.string(),
  inventories: z.array(z.unknown()).min(1).max(inventoriesMax),
})

type InventoryPush = z.infer<typeof inventoryShape>
type Entry = { skuId: string; quantity: number; updatedAtMs: number | undefined }

type Failure = { skuId: string; errorCode: string; message: string }

type InventoryResult = {
  status: true
  message: string
  successList: string[]
  failureList: Failure[]
}

/**
 * Takes one push of absolute quantities (arvind.md 3.1), in one transaction. Each SKU has its own result; an unknown one changes
 * nothing. A product is visible while the total of its options is above zero (`products.ts`), so nothing else has to be written.
 */
export function updateInventory(site: ArvindSite, push: InventoryPush): InventoryResult {
  const rows = push.inventories.map((row) => readRow(site, row))
  const chosen = chooseEntries(rows.filter((row): row is Entry => !isFailure(row)))
  return site.storage.transaction('update-inventory', () => {
    const successList: string[] = []
    const failureList: Failure[] = []
    for (const row of rows) {
      const failure = isFailure(row)
        ? row
        : chosen.get(row.skuId) === row
          ? applyEntry(site, row)
          : fail(row.skuId, 'DUPLICATE_IN_BATCH', 'the SKU stands twice in this batch')
      if (failure === undefined) successList.push(row.skuId)
      else failureList.push(failure)
    }
    const message = `${successList.length} updated, ${failureList.length} not`
    logPartner(site.storage, site.nowMs(), {
      direction: 'in',
      partner: 'arvind',
      operation: 'update-inventory',
      orderId: null,
      attempt: 1,
      status: 200,
      outcome: failureList.length === 0 ? 'applied' : 'partly-applied',
      detail: describe(message, failureList),
    })
    return { status: true, message, successList, failureList }
  })
}

const rowShape = z.object({
  skuId: z.string().min(1).max(100),
  quantity: z.unknown().optional(),
  updatedAt: z.unknown().optional(),
})

/** A row that can be applied, or why it cannot whatever the shop knows. */
function readRow(site: ArvindSite, json: unknown): Entry | Failure {
  const parsed = rowShape.safeParse(json)
  if (!parsed.success) {
    return fail('', 'INVALID_RECORD', 'skuId: a text of 1 to 100 characters is needed')
  }
  const { skuId, quantity, updatedAt } = parsed.data
  if (typeof quantity !== 'number' || !Number.isSafeInteger(quantity)) {
    return fail(skuId, 'INVALID_QUANTITY', 'quantity: a whole number is needed')
  }
  if (quantity < 0) return fail(skuId, 'NEGATIVE_QUANTITY', `${quantity} is below zero`)
  const updatedAtMs = updatedAt == null ? undefined : readArvindTime(site, updatedAt)
  if (updatedAt != null && updatedAtMs === undefined) {
    return fail(skuId, 'INVALID_UPDATED_AT', 'updatedAt: epoch milliseconds')
  }
  return { skuId, quantity, updatedAtMs }
}

function isFailure(row: Entry | Failure): row is Failure {
  return 'errorCode' in row
}

/** Of an SKU that stands twice the newest entry counts; the first one when no time tells them apart. */
function chooseEntries(entries: Entry[]): Map<string, Entry> {
  const chosen = new Map<string, Entry>()
  for (const entry of entries) {
    const other = chosen.get(entry.skuId)
    if (other === undefined || (entry.updatedAtMs ?? 0) > (other.updatedAtMs ?? 0)) {
      chosen.set(entry.skuId, entry)
    }
  }
  return chosen
}

function applyEntry(site: ArvindSite, { skuId, quantity, updatedAtMs }: Entry) {
  if (!site.range.isMapped(skuId)) return fail(skuId, 'UNKNOWN_SKU', 'no option has this SKU')
  const known = site.storage.get<{ updated_at: number }>(
    'SELECT updated_at FROM stock WHERE sku = ?',
    skuId,
  )
  if (known !== undefined && updatedAtMs !== undefined && updatedAtMs < known.updated_at) {
    return fail(skuId, 'STALE', 'a newer quantity is known')
  }
  // The time is the partner's own: only its own times are compared with each other.
  site.storage.run(
    `INSERT INTO stock (sku, quantity, is_flowing, updated_at) VALUES (?, ?, 1, ?) ON CONFLICT (sku) DO UPDATE SET
     quantity = excluded.quantity, is_flowing = 1, updated_at = max(updated_at, excluded.updated_at)`,
    skuId,
    quantity,
    updatedAtMs ?? 0,
  )
  return undefined
}

function fail(skuId: string, errorCode: string, message: string): Failure {
  return { skuId, errorCode, message }
}

function describe(message: string, failures: Failure[]): string {
  const named = failures.map((failure) => `${failure.skuId} ${failure.errorCode}`)
  return [message, ...named].join('; ').slice(0, 500)
}
