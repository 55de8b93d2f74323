/** What an Arvind website keeps, beside the tables that every site has (`storage.ts`). Times are milliseconds since the epoch. */
export const arvindSchema = `
CREATE TABLE IF NOT EXISTS arvind_pushes (
  order_id TEXT PRIMARY KEY, body TEXT, attempts INTEGER NOT NULL, is_maybe_applied INTEGER NOT NULL, last_at INTEGER NOT NULL,
  last_error TEXT, arvind_order_id TEXT) STRICT;
CREATE TABLE IF NOT EXISTS arvind_items (
  item_id TEXT PRIMARY KEY, consignment_id TEXT, invoice_number TEXT, invoice_url TEXT, awb_number TEXT, courier TEXT,
  tracking_url TEXT, delivered_at TEXT, return_id TEXT, refund_status TEXT, reason TEXT) STRICT;
CREATE TABLE IF NOT EXISTS arvind_asks (
  item_id TEXT NOT NULL, kind TEXT NOT NULL, order_id TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL, code TEXT,
  message TEXT, asked_at INTEGER NOT NULL, answered_at INTEGER, PRIMARY KEY (item_id, kind)) STRICT;
`
