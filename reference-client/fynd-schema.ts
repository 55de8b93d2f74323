/** What only a FYND website keeps: the bags whose money a refund gives back, to report it later (fynd.md F8). */
export const fyndSchema = `
CREATE TABLE IF NOT EXISTS refund_bags (
  bag_id TEXT PRIMARY KEY, order_id TEXT NOT NULL, cause TEXT NOT NULL, amount_minor INTEGER NOT NULL,
  refund_id TEXT) STRICT;
CREATE INDEX IF NOT EXISTS refund_bags_by_cause ON refund_bags (order_id, cause);
`
