/** What the Konnect seller keeps, beside the tables that every site has (`storage.ts`). Times are milliseconds since the epoch. */
export const sellerSchema = `
CREATE TABLE IF NOT EXISTS seller_stock (
  location TEXT NOT NULL, sku TEXT NOT NULL, on_hand INTEGER NOT NULL, version INTEGER NOT NULL, sent_version INTEGER,
  sent_quantity INTEGER, error_code TEXT, error_message TEXT, PRIMARY KEY (location, sku)) STRICT;
CREATE TABLE IF NOT EXISTS seller_prices (
  location TEXT NOT NULL, sku TEXT NOT NULL, esp_minor INTEGER NOT NULL, mrp_minor INTEGER NOT NULL, currency TEXT NOT NULL,
  version INTEGER NOT NULL, sent_version INTEGER, error_code TEXT, error_message TEXT, PRIMARY KEY (location, sku)) STRICT;
CREATE TABLE IF NOT EXISTS seller_orders (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, forward_id TEXT NOT NULL, location TEXT NOT NULL,
  ordering_channel TEXT, marketplace_order_id TEXT, status TEXT NOT NULL, is_self_ship INTEGER NOT NULL, courier_name TEXT,
  courier_code TEXT, awb_numbers TEXT NOT NULL, order_date INTEGER, is_reserved INTEGER NOT NULL, is_shipped INTEGER NOT NULL,
  courier_asks INTEGER NOT NULL, courier_due_at INTEGER, modified_at INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS seller_orders_by_status ON seller_orders (status);
CREATE INDEX IF NOT EXISTS seller_orders_by_stock ON seller_orders (is_reserved, location);
CREATE INDEX IF NOT EXISTS seller_orders_by_date ON seller_orders (order_date);
CREATE TABLE IF NOT EXISTS seller_lines (
  order_id TEXT NOT NULL, id TEXT NOT NULL, position INTEGER NOT NULL, sku TEXT NOT NULL, quantity INTEGER NOT NULL,
  status TEXT, is_cancelled INTEGER NOT NULL, PRIMARY KEY (order_id, id)) STRICT;
CREATE INDEX IF NOT EXISTS seller_lines_by_sku ON seller_lines (sku);
CREATE TABLE IF NOT EXISTS seller_history (
  order_id TEXT NOT NULL, position INTEGER NOT NULL, status TEXT NOT NULL, at INTEGER NOT NULL, why TEXT NOT NULL,
  PRIMARY KEY (order_id, position)) STRICT;
CREATE TABLE IF NOT EXISTS seller_invoices (
  number INTEGER PRIMARY KEY, order_id TEXT NOT NULL, type TEXT NOT NULL, invoice_number TEXT NOT NULL UNIQUE,
  is_taken INTEGER NOT NULL, UNIQUE (order_id, type)) STRICT;
CREATE TABLE IF NOT EXISTS seller_told_invoices (order_id TEXT PRIMARY KEY, invoice_number TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS seller_work (
  number INTEGER PRIMARY KEY, operation TEXT NOT NULL, subject TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL,
  state TEXT NOT NULL, attempts INTEGER NOT NULL, is_maybe_applied INTEGER NOT NULL, due_at INTEGER NOT NULL, code TEXT,
  last_error TEXT, created_at INTEGER NOT NULL, UNIQUE (operation, subject, key)) STRICT;
CREATE INDEX IF NOT EXISTS seller_work_by_due ON seller_work (state, due_at);
CREATE INDEX IF NOT EXISTS seller_work_by_subject ON seller_work (subject);
CREATE TABLE IF NOT EXISTS product_jobs (
  number INTEGER PRIMARY KEY, operation TEXT NOT NULL, body TEXT NOT NULL, item_codes TEXT NOT NULL, state TEXT NOT NULL,
  trace_id TEXT, intake TEXT, processing TEXT, last_error TEXT, created_at INTEGER NOT NULL, ended_at INTEGER) STRICT;
CREATE INDEX IF NOT EXISTS product_jobs_by_state ON product_jobs (state);
`
