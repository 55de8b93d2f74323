import Database from 'libsql'
import { type Commit, openStorage, type Storage } from '../storage.ts'

/**
 * The control run of the durability tests: a storage that says "done" before anything is on disk. Several transactions of the shop
 * share one of SQLite's, so that whoever is answered in between is told something that a crash undoes.
 */
export function acknowledgeBeforeCommit(
  file: string,
  onCommit: (commit: Commit) => void,
  /** How many transactions lie about being kept before one really is. */
  liesMax = 4,
): Storage {
  openStorage({ file }).close()
  const database = new Database(file)
  let commits = 0
  let isDead = false
  const alive = () => {
    if (isDead) throw new Error('The storage is dead.')
  }
  return {
    transaction<T>(name: string, work: () => T): T {
      alive()
      if (!database.inTransaction) database.exec('BEGIN IMMEDIATE')
      database.exec('SAVEPOINT one')
      let result: T
      try {
        result = work()
        database.exec('RELEASE one')
      } catch (error) {
        database.exec('ROLLBACK TO one; RELEASE one')
        throw error
      }
      commits += 1
      try {
        onCommit({ number: commits, name })
      } catch (error) {
        isDead = true
        throw error
      }
      if (commits % liesMax === 0) database.exec('COMMIT')
      return result
    },
    all<T>(sql: string, ...values: (string | number | null)[]) {
      alive()
      return database.prepare(sql).all(...values) as T[]
    },
    get<T>(sql: string, ...values: (string | number | null)[]) {
      alive()
      return database.prepare(sql).get(...values) as T | undefined
    },
    run: (sql, ...values) => database.prepare(sql).run(...values).changes,
    isDead: () => isDead,
    close() {
      // The process dies: what was not committed was never written. One that ends in peace commits first.
      if (!isDead && database.inTransaction) database.exec('COMMIT')
      if (database.inTransaction) database.exec('ROLLBACK')
      isDead = true
      database.close()
    },
  }
}
