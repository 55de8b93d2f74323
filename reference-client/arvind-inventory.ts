import { z } from 'zod'
import type { ArvindSite } from './arvind-site.ts'
import { logPartner } from './site.ts'

/** arvind.md 3.1: how many SKUs one push carries. */
const inventoriesMax = 200

/** The body of update inventory; a record is checked by itself, so that a bad one fails alone. */
export const inventoryShape = z.object({
  channelId: z.string(),
  warehouseId: z.string(),
  inventories: z
    .array(
      z.object({
        skuId: z.string().min(1).max(100),
        quantity: z.number(),
        updatedAt: z.number().nonnegative().nullish(),
      }),
    )
    .min(1)
    .max(inventoriesMax),
})

type InventoryPush = z.infer<typeof inventoryShape>
type Entry = InventoryPush['inventories'][number]

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
  const chosen = chooseEntries(push.inventories)
  return site.storage.transaction('update-inventory', () => {
    const successList: string[] = []
    const failureList: Failure[] = []
    for (const entry of push.inventories) {
      const failure =
        chosen.get(entry.skuId) === entry
          ? applyEntry(site, entry)
          : fail(entry, 'DUPLICATE_IN_BATCH', 'the SKU stands twice in this batch')
      if (failure === undefined) successList.push(entry.skuId)
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

/** Of an SKU that stands twice the newest entry counts; the first one when no time tells them apart. */
function chooseEntries(entries: Entry[]): Map<string, Entry> {
  const chosen = new Map<string, Entry>()
  for (const entry of entries) {
    const other = chosen.get(entry.skuId)
    if (other === undefined || (entry.updatedAt ?? 0) > (other.updatedAt ?? 0)) {
      chosen.set(entry.skuId, entry)
    }
  }
  return chosen
}

function applyEntry(site: ArvindSite, entry: Entry): Failure | undefined {
  const { skuId, quantity } = entry
  if (quantity < 0) return fail(entry, 'NEGATIVE_QUANTITY', `${quantity} is below zero`)
  if (!Number.isSafeInteger(quantity)) {
    return fail(entry, 'INVALID_QUANTITY', `${quantity} is not a whole number`)
  }
  if (!site.range.isMapped(skuId)) return fail(entry, 'UNKNOWN_SKU', 'no option has this SKU')
  const known = site.storage.get<{ updated_at: number }>(
    'SELECT updated_at FROM stock WHERE sku = ?',
    skuId,
  )
  const toldAt = entry.updatedAt ?? undefined
  if (known !== undefined && toldAt !== undefined && toldAt < known.updated_at) {
    return fail(entry, 'STALE', 'a newer quantity is known')
  }
  // The time is the partner's own: only its own times are compared with each other.
  site.storage.run(
    `INSERT INTO stock (sku, quantity, is_flowing, updated_at) VALUES (?, ?, 1, ?) ON CONFLICT (sku) DO UPDATE SET
     quantity = excluded.quantity, is_flowing = 1, updated_at = max(updated_at, excluded.updated_at)`,
    skuId,
    quantity,
    Math.floor(toldAt ?? 0),
  )
  return undefined
}

function fail(entry: Entry, errorCode: string, message: string): Failure {
  return { skuId: entry.skuId, errorCode, message }
}

function describe(message: string, failures: Failure[]): string {
  const named = failures.map((failure) => `${failure.skuId} ${failure.errorCode}`)
  return [message, ...named].join('; ').slice(0, 500)
}
