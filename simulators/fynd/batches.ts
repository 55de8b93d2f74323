import type { BatchShape } from '../core/batch-shape.ts'

/** F1 in pages, F2 in lists (facts/fynd.md): a SKU that fails is just absent there. */
export const batches: Readonly<Record<string, BatchShape>> = {
  listInventoryChanges: {
    page: { cursor: 'page_id', rows: 'items', next: 'page.next_id' },
    tooOld: 'timestamp too old, request full sync',
  },
  getStockStatus: { records: { query: 'sku_code' } },
  queryStockStatus: { records: { body: 'sku_codes' } },
}
