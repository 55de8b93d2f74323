import { limits } from '../partners/konnect.ts'
import type { Visit } from '../site.ts'
import { type PushReport, type PushRow, pushRows, stateOf } from './push-rows.ts'
import type { SellerSite } from './seller-site.ts'

export type StockItem = { location: string; sku: string; quantity: number }

export type PriceItem = {
  location: string
  sku: string
  esp_minor: number
  mrp_minor: number
  currency: string
}

type StockRow = PushRow & {
  on_hand: number
  reserved: number
  sent_quantity: number | null
  error_message: string | null
}

type PriceRow = PushRow & {
  esp_minor: number
  mrp_minor: number
  currency: string
  error_message: string | null
}

/** Open orders have a claim on what stands in the warehouse. */
const stockSql = `SELECT s.*, coalesce((
    SELECT sum(l.quantity) FROM seller_lines l JOIN seller_orders o ON o.id = l.order_id
    WHERE l.sku = s.sku AND l.is_cancelled = 0 AND o.is_reserved = 1 AND o.location = s.location), 0) AS reserved
  FROM seller_stock s`

/** What the warehouse counts: absolute units on hand, packed parcels included. Only what differs is a change. */
export function putStock(site: SellerSite, items: StockItem[]) {
  return site.storage.transaction('put-stock', () => {
    let changed = 0
    for (const { location, sku, quantity } of items) {
      changed += site.storage.run(
        `INSERT INTO seller_stock (location, sku, on_hand, version) VALUES (?, ?, ?, 1)
         ON CONFLICT (location, sku) DO UPDATE SET on_hand = excluded.on_hand, version = version + 1
         WHERE on_hand <> excluded.on_hand`,
        location,
        sku,
        quantity,
      )
    }
    return { stored: items.length, changed }
  })
}

export function putPrices(site: SellerSite, items: PriceItem[]) {
  return site.storage.transaction('put-prices', () => {
    let changed = 0
    for (const item of items) {
      changed += site.storage.run(
        `INSERT INTO seller_prices (location, sku, esp_minor, mrp_minor, currency, version) VALUES (?, ?, ?, ?, ?, 1)
         ON CONFLICT (location, sku) DO UPDATE SET esp_minor = excluded.esp_minor, mrp_minor = excluded.mrp_minor,
         currency = excluded.currency, version = version + 1 WHERE esp_minor <> excluded.esp_minor
         OR mrp_minor <> excluded.mrp_minor OR currency <> excluded.currency`,
        item.location,
        item.sku,
        item.esp_minor,
        item.mrp_minor,
        item.currency,
      )
    }
    return { stored: items.length, changed }
  })
}

/** Rows, and the sum for each SKU that a judge compares: rows that Konnect never took are not in it. */
export function readStock(site: SellerSite) {
  const rows = site.storage.all<StockRow>(`${stockSql} ORDER BY s.location, s.sku`)
  const quantities: Record<string, number> = {}
  for (const row of rows) {
    if (row.sent_version === null && row.error_code !== null) continue
    quantities[row.sku] = (quantities[row.sku] ?? 0) + sellable(row)
  }
  return {
    quantities,
    items: rows.map((row) => ({
      location: row.location,
      sku: row.sku,
      on_hand: row.on_hand,
      reserved: row.reserved,
      quantity: sellable(row),
      pushed: row.sent_quantity,
      state: stateOf(row),
      error: row.error_code === null ? null : { code: row.error_code, message: row.error_message },
    })),
  }
}

export function readPrices(site: SellerSite) {
  const rows = site.storage.all<PriceRow>('SELECT * FROM seller_prices ORDER BY location, sku')
  return {
    items: rows.map((row) => ({
      location: row.location,
      sku: row.sku,
      esp_minor: row.esp_minor,
      mrp_minor: row.mrp_minor,
      currency: row.currency,
      state: stateOf(row),
      error: row.error_code === null ? null : { code: row.error_code, message: row.error_message },
    })),
  }
}

/** Sends every quantity that Konnect may not have, 500 at a time. Throws a `PartnerError` when it does not answer. */
export function pushInventory(site: SellerSite, visit: Visit): Promise<PushReport> {
  return pushRows<StockRow>(site, visit, {
    table: 'seller_stock',
    name: 'inventory-pushed',
    use: 'inventory',
    batchMax: limits.rows,
    read: (location, sku) =>
      site.storage.get<StockRow>(`${stockSql} WHERE s.location = ? AND s.sku = ?`, location, sku),
    send: (rows, access, context) =>
      site.konnect.pushStock(
        rows.map((row) => ({
          location_id: row.location,
          sku: row.sku,
          quantity: sellable(row),
        })),
        access,
        context,
      ),
    keep: (row) => {
      site.storage.run(
        'UPDATE seller_stock SET sent_quantity = ? WHERE location = ? AND sku = ?',
        sellable(row),
        row.location,
        row.sku,
      )
    },
  })
}

export function pushPrices(site: SellerSite, visit: Visit): Promise<PushReport> {
  return pushRows<PriceRow>(site, visit, {
    table: 'seller_prices',
    name: 'prices-pushed',
    use: 'price',
    batchMax: limits.rows,
    read: (location, sku) =>
      site.storage.get<PriceRow>(
        'SELECT * FROM seller_prices WHERE location = ? AND sku = ?',
        location,
        sku,
      ),
    send: (rows, access, context) =>
      site.konnect.pushPrices(
        rows.map((row) => ({
          location_id: row.location,
          sku: row.sku,
          // Minor units inside, the partner's numbers outside.
          esp: row.esp_minor / 100,
          mrp: row.mrp_minor / 100,
          currency: row.currency,
        })),
        access,
        context,
      ),
    keep: () => {},
  })
}

/** Konnect's count of these may differ from ours: they go out with the next push. In a transaction. */
export function markStock(site: SellerSite, location: string, skus: string[]) {
  for (const sku of new Set(skus)) {
    site.storage.run(
      'UPDATE seller_stock SET version = version + 1 WHERE location = ? AND sku = ?',
      location,
      sku,
    )
  }
}

/** The same for a price. In a transaction. */
export function markPrice(site: SellerSite, location: string, sku: string) {
  site.storage.run(
    'UPDATE seller_prices SET version = version + 1 WHERE location = ? AND sku = ?',
    location,
    sku,
  )
}

/** Units that left: reserved before and gone now, so that what can be sold stays the same. In a transaction. */
export function shipStock(
  site: SellerSite,
  location: string,
  lines: { sku: string; quantity: number }[],
) {
  for (const { sku, quantity } of lines) addStock(site, location, sku, -quantity)
}

/** In a transaction. A warehouse that never told of the SKU has nothing to change. */
export function addStock(site: SellerSite, location: string, sku: string, units: number) {
  site.storage.run(
    'UPDATE seller_stock SET on_hand = max(0, on_hand + ?) WHERE location = ? AND sku = ?',
    units,
    location,
    sku,
  )
}

function sellable(row: StockRow): number {
  return Math.max(0, row.on_hand - row.reserved)
}
