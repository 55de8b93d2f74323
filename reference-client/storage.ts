import Database from 'libsql'
import { arvindSchema } from './arvind-schema.ts'
import { fyndSchema } from './fynd-schema.ts'
import { sellerSchema } from './konnect/seller-schema.ts'

export type Commit = { number: number; name: string }

export type Value = string | number | null

/** What a shop keeps. Reads see the last commit, or the transaction that is open. */
export type Storage = {
  /**
   * Runs `work` in one transaction: all of it is kept when this returns, or none of it when it throws.
   * Transactions do not nest; `name` says what the commit means ('place-order').
   */
  transaction<T>(name: string, work: () => T): T
  /** Rows in the shape `T`; the caller names the columns, so the caller knows the shape. */
  all<T>(sql: string, ...values: Value[]): T[]
  get<T>(sql: string, ...values: Value[]): T | undefined
  /** A write; only inside a transaction. Answers how many rows changed. */
  run(sql: string, ...values: Value[]): number
  /** True once a commit hook threw: the process that this stands for is dead. */
  isDead(): boolean
  close(): void
}

export type StorageOptions = {
  file: ':memory:' | (string & {})
  /** After a commit, before anything else happens. A throw kills the storage for good, like a power cut. */
  onCommit?: (commit: Commit) => void
  /** Just before a commit; a throw rolls it back and kills the storage. */
  beforeCommit?: (commit: Commit) => void
}

/** What every call on a killed storage throws; a shop that sees it sends nothing any more. */
export class StorageDead extends Error {
  override name = 'StorageDead'
}

/**
 * Opens the shop's SQLite storage (design.md 8). A file is in WAL mode with `synchronous=NORMAL`: what was committed survives a
 * kill of the process. Throws when the file cannot be opened.
 */
export function openStorage(options: StorageOptions): Storage {
  const database = new Database(options.file)
  if (options.file !== ':memory:') {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;')
  }
  database.exec(schema)
  database.exec(fyndSchema)
  database.exec(sellerSchema)
  database.exec(arvindSchema)
  const statements = new Map<string, Database.Statement>()
  let commits = 0
  let isDead = false
  let isOpen = false

  const alive = () => {
    if (isDead) throw new StorageDead('The storage is dead: a commit hook stopped it.')
  }
  const prepared = (sql: string) => {
    alive()
    let statement = statements.get(sql)
    if (statement === undefined) {
      statement = database.prepare(sql)
      statements.set(sql, statement)
    }
    return statement
  }
  const hook = (hookOf: ((commit: Commit) => void) | undefined, commit: Commit) => {
    try {
      hookOf?.(commit)
    } catch (cause) {
      isDead = true
      if (database.inTransaction) database.exec('ROLLBACK')
      throw new StorageDead(`Stopped at commit ${commit.number} (${commit.name}).`, { cause })
    }
  }
  const commitNow = (name: string) => {
    const commit = { number: commits + 1, name }
    hook(options.beforeCommit, commit)
    database.exec('COMMIT')
    commits += 1
    hook(options.onCommit, commit)
  }

  return {
    transaction(name, work) {
      alive()
      if (isOpen) throw new Error(`Transaction "${name}" was begun inside another one.`)
      isOpen = true
      database.exec('BEGIN IMMEDIATE')
      try {
        const result = work()
        commitNow(name)
        return result
      } catch (error) {
        if (database.inTransaction) database.exec('ROLLBACK')
        throw error
      } finally {
        isOpen = false
      }
    },
    all: <T>(sql: string, ...values: Value[]) => prepared(sql).all(...values) as T[],
    get: <T>(sql: string, ...values: Value[]) => prepared(sql).get(...values) as T | undefined,
    run(sql, ...values) {
      if (!isOpen) throw new Error(`A write outside a transaction: ${sql}`)
      return prepared(sql).run(...values).changes
    },
    isDead: () => isDead,
    close() {
      isDead = true
      database.close()
    },
  }
}

const schema = `
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT) STRICT;
CREATE TABLE IF NOT EXISTS carts (
  customer TEXT PRIMARY KEY, lines TEXT NOT NULL, address TEXT, payment_mode TEXT, last_order_id TEXT) STRICT;
CREATE TABLE IF NOT EXISTS cart_coupons (customer TEXT PRIMARY KEY, code TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS options (
  product_id TEXT NOT NULL, value TEXT NOT NULL, sku TEXT NOT NULL UNIQUE, position INTEGER NOT NULL,
  PRIMARY KEY (product_id, value)) STRICT;
CREATE TABLE IF NOT EXISTS stock (
  sku TEXT PRIMARY KEY, quantity INTEGER NOT NULL, is_flowing INTEGER NOT NULL, updated_at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS orders (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, status TEXT NOT NULL, customer TEXT NOT NULL,
  payment_mode TEXT NOT NULL, address TEXT NOT NULL, total_minor INTEGER NOT NULL, fingerprint TEXT NOT NULL,
  placing_body TEXT, fynd_order_id TEXT UNIQUE, created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS orders_by_customer ON orders (customer, fingerprint);
CREATE INDEX IF NOT EXISTS orders_by_status ON orders (status, created_at);
CREATE INDEX IF NOT EXISTS orders_by_time ON orders (created_at);
CREATE TABLE IF NOT EXISTS order_history (
  order_id TEXT NOT NULL, position INTEGER NOT NULL, status TEXT NOT NULL, at INTEGER NOT NULL, why TEXT NOT NULL,
  PRIMARY KEY (order_id, position)) STRICT;
CREATE TABLE IF NOT EXISTS items (
  id TEXT PRIMARY KEY, order_id TEXT NOT NULL, position INTEGER NOT NULL, sku TEXT NOT NULL, size TEXT NOT NULL,
  quantity INTEGER NOT NULL, amount_minor INTEGER NOT NULL, affiliate_bag_id TEXT NOT NULL, bag_id TEXT, shipment_id TEXT,
  status TEXT, status_at INTEGER, courier TEXT, awb TEXT) STRICT;
CREATE INDEX IF NOT EXISTS items_by_order ON items (order_id, position);
CREATE TABLE IF NOT EXISTS item_events (
  number INTEGER PRIMARY KEY, item_id TEXT NOT NULL, order_id TEXT NOT NULL, status TEXT NOT NULL, event TEXT NOT NULL,
  event_id TEXT NOT NULL, at INTEGER NOT NULL, is_applied INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS item_events_by_item ON item_events (item_id);
CREATE INDEX IF NOT EXISTS item_events_by_event ON item_events (event, order_id);
CREATE TABLE IF NOT EXISTS payments (
  payment_id TEXT PRIMARY KEY, order_id TEXT NOT NULL, amount_minor INTEGER NOT NULL, status TEXT NOT NULL, pay_url TEXT,
  created_at INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS payments_by_order ON payments (order_id);
CREATE TABLE IF NOT EXISTS refunds (
  number INTEGER PRIMARY KEY, order_id TEXT NOT NULL, cause TEXT NOT NULL, payment_id TEXT, due_minor INTEGER NOT NULL,
  claimed_minor INTEGER, refund_id TEXT, at INTEGER NOT NULL, UNIQUE (order_id, cause)) STRICT;
CREATE TABLE IF NOT EXISTS inbox (
  source TEXT NOT NULL, event_id TEXT NOT NULL, event TEXT NOT NULL, order_id TEXT, outcome TEXT NOT NULL,
  received_at INTEGER NOT NULL, PRIMARY KEY (source, event_id)) STRICT;
CREATE INDEX IF NOT EXISTS inbox_by_time ON inbox (received_at);
CREATE TABLE IF NOT EXISTS outbox (
  number INTEGER PRIMARY KEY, operation TEXT NOT NULL, key TEXT NOT NULL, order_id TEXT NOT NULL, state TEXT NOT NULL,
  attempts INTEGER NOT NULL, is_maybe_applied INTEGER NOT NULL, due_at INTEGER NOT NULL, last_error TEXT,
  created_at INTEGER NOT NULL, UNIQUE (operation, key)) STRICT;
CREATE INDEX IF NOT EXISTS outbox_by_due ON outbox (state, due_at);
CREATE TABLE IF NOT EXISTS messages (
  number INTEGER PRIMARY KEY, channel TEXT NOT NULL, at INTEGER NOT NULL, order_id TEXT NOT NULL, event TEXT NOT NULL,
  event_id TEXT NOT NULL, recipient TEXT NOT NULL, text TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS messages_by_channel ON messages (channel, recipient);
CREATE TABLE IF NOT EXISTS partner_log (
  number INTEGER PRIMARY KEY, at INTEGER NOT NULL, direction TEXT NOT NULL, partner TEXT NOT NULL, operation TEXT NOT NULL,
  order_id TEXT, attempt INTEGER NOT NULL, status INTEGER, outcome TEXT NOT NULL, detail TEXT) STRICT;
CREATE TABLE IF NOT EXISTS partner_bodies (
  log_number INTEGER PRIMARY KEY, correlation_id TEXT NOT NULL, item_id TEXT, request TEXT, response TEXT) STRICT;
`
