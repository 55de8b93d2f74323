export type Commit = { number: number; name: string }

export type Storage = {
  /** Runs `work` in one transaction: all of it is on disk when this returns, or none of it. */
  transaction<T>(name: string, work: () => T): T
  close(): void
}

export type StorageOptions = {
  file: ':memory:' | (string & {})
  onCommit?: (commit: Commit) => void
}

/** Opens the shop's SQLite storage. */
export function openStorage(_options: StorageOptions): Storage {
  throw new Error('The storage is not built yet.')
}
