/** Every kind of entry that a world writes. */
export const journalKinds = [
  ...['act', 'arm', 'assumptions', 'attempt', 'attempt-ended', 'bug', 'claim', 'clock', 'delivery'],
  ...['disarm', 'event', 'redeliver', 'request', 'shop', 'state', 'subscriber'],
] as const

/** One effect with its cause. `data` is rendered for reading: redacted, bodies parsed where they are JSON. */
export interface JournalEntry {
  seq: number
  atMs: number
  kind: string
  /** Sequence number of what caused it; absent for inputs. */
  cause?: number
  data: Record<string, unknown>
}

export interface JournalQuery {
  /** Entries after this sequence number. Past the oldest one kept: throws `Evicted`. */
  after?: number
  kind?: string | readonly string[]
  limit?: number
}

/** What was asked for has left the bounded journal. */
export class Evicted extends Error {
  readonly oldestSeq: number
  constructor(oldestSeq: number) {
    super(`The journal's oldest entry is ${oldestSeq}; what came before was evicted.`)
    this.name = 'Evicted'
    this.oldestSeq = oldestSeq
  }
}

/** As kept: cheap to write, rendered only when read. */
export interface RawEntry {
  seq: number
  atMs: number
  kind: string
  cause: number | undefined
  data: object
  bytes: number
}

export interface Journal {
  /** `bytes` of the entry are those of its bodies; it is kept as it is. */
  add(entry: RawEntry): RawEntry
  /** The answer of a call is known after its effects; its bytes count too. */
  grow(entry: RawEntry, bytes: number): void
  read(query?: JournalQuery): RawEntry[]
  /** Takes back everything after this sequence number (a fault undid it). */
  dropAfter(seq: number): void
  clear(): void
  readonly oldestSeq: number
  readonly bytes: number
}

/** What an entry costs beside its bodies; a fair estimate. */
const entryBytes = 200

export function createJournal(bytesMax: number): Journal {
  let entries: RawEntry[] = []
  let head = 0
  let bytes = 0
  let evictedSeq = 0
  const evict = () => {
    while (bytes > bytesMax && head < entries.length - 1) {
      const oldest = entries[head] as RawEntry
      bytes -= oldest.bytes
      evictedSeq = oldest.seq
      // Let go of the entry now; the array is cut in larger pieces.
      entries[head] = undefined as unknown as RawEntry
      head += 1
    }
    if (head > 4096 && head * 2 > entries.length) {
      entries = entries.slice(head)
      head = 0
    }
  }
  return {
    add(entry) {
      entry.bytes += entryBytes
      entries.push(entry)
      bytes += entry.bytes
      if (bytes > bytesMax) evict()
      return entry
    },
    grow(entry, extraBytes) {
      entry.bytes += extraBytes
      bytes += extraBytes
      if (bytes > bytesMax) evict()
    },
    read({ after, kind, limit = Number.POSITIVE_INFINITY } = {}) {
      if (after !== undefined && after < evictedSeq) {
        throw new Evicted((entries[head] as RawEntry).seq)
      }
      const kinds = kind === undefined ? undefined : new Set([kind].flat())
      const found: RawEntry[] = []
      for (let at = firstAfter(entries, head, after ?? 0); at < entries.length; at += 1) {
        const entry = entries[at] as RawEntry
        if (!kinds || kinds.has(entry.kind)) found.push(entry)
        if (found.length >= limit) break
      }
      return found
    },
    dropAfter(seq) {
      while (entries.length > head && (entries.at(-1) as RawEntry).seq > seq) {
        bytes -= (entries.pop() as RawEntry).bytes
      }
    },
    clear() {
      entries = []
      head = 0
      bytes = 0
      evictedSeq = 0
    },
    get oldestSeq() {
      return entries[head]?.seq ?? 0
    },
    get bytes() {
      return bytes
    },
  }
}

/** Entries are in order of their sequence numbers. */
function firstAfter(entries: readonly RawEntry[], head: number, after: number): number {
  let low = head
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((entries[middle] as RawEntry).seq > after) high = middle
    else low = middle + 1
  }
  return low
}
