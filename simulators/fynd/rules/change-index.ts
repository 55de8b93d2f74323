/**
 * Which SKUs changed when, in the order of their last change: what F1 pages through. A log where each SKU counts once (its last entry);
 * a Fenwick tree over the log counts living entries, so that a page costs the same however long the log is. Plain data.
 */
export interface ChangeIndex {
  /** Ascending by `seq` and by time. An entry is alive while `latest` names its `seq`. */
  entries: ChangeEntry[]
  latest: Map<string, number>
  /** Fenwick tree over `entries`, 1-based: `tree[0]` is unused. */
  tree: number[]
  nextSeq: number
}

export interface ChangeEntry {
  seq: number
  atMs: number
  sku: string
}

export interface ChangePage {
  entries: ChangeEntry[]
  /** Living entries since the asked time, this page included and earlier pages too. */
  total: number
  hasNext: boolean
}

export const createChangeIndex = (): ChangeIndex => ({
  entries: [],
  latest: new Map(),
  tree: [0],
  nextSeq: 1,
})

/** Notes that a SKU changed now. `atMs` never goes back. */
export function noteChange(index: ChangeIndex, sku: string, atMs: number): void {
  const last = index.entries.at(-1)
  if (last?.sku === sku && last.atMs === atMs) return
  const before = index.latest.get(sku)
  if (before !== undefined) {
    add(
      index.tree,
      firstPosition(index, (entry) => entry.seq >= before),
      -1,
    )
  }
  const entry = { seq: index.nextSeq, atMs, sku }
  index.nextSeq += 1
  index.latest.set(sku, entry.seq)
  append(index, entry)
  if (index.entries.length > 64 && index.entries.length > 2 * index.latest.size) compact(index)
}

/** Up to `size` living entries with time at or after `sinceMs` and `seq` above `afterSeq`. */
export function pageOfChanges(
  index: ChangeIndex,
  sinceMs: number,
  afterSeq: number,
  size: number,
): ChangePage {
  const since = firstPosition(index, (entry) => entry.atMs >= sinceMs)
  const start = firstPosition(index, (entry) => entry.atMs >= sinceMs && entry.seq > afterSeq)
  const skipped = countUpTo(index.tree, start - 1)
  const alive = index.latest.size
  const entries: ChangeEntry[] = []
  for (let rank = skipped + 1; rank <= alive && entries.length < size; rank += 1) {
    const entry = index.entries[positionOfRank(index.tree, rank) - 1]
    if (entry) entries.push(entry)
  }
  return {
    entries,
    total: alive - countUpTo(index.tree, since - 1),
    hasNext: skipped + entries.length < alive,
  }
}

/** 1-based position of the first entry that passes; one past the end when none does. The test must be monotone. */
function firstPosition(index: ChangeIndex, passes: (entry: ChangeEntry) => boolean): number {
  let low = 0
  let high = index.entries.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const entry = index.entries[middle]
    if (entry && passes(entry)) high = middle
    else low = middle + 1
  }
  return low + 1
}

function append(index: ChangeIndex, entry: ChangeEntry): void {
  index.entries.push(entry)
  const position = index.entries.length
  const lowest = position & -position
  let sum = 1
  for (let step = 1; step < lowest; step *= 2) sum += index.tree[position - step] ?? 0
  index.tree.push(sum)
}

/** Rewrites the log without its dead entries; paid for by the appends since the last time. */
function compact(index: ChangeIndex): void {
  const alive = index.entries.filter((entry) => index.latest.get(entry.sku) === entry.seq)
  index.entries = []
  index.tree = [0]
  for (const entry of alive) append(index, entry)
}

function add(tree: number[], from: number, by: number): void {
  for (let at = from; at < tree.length; at += at & -at) tree[at] = (tree[at] ?? 0) + by
}

function countUpTo(tree: readonly number[], position: number): number {
  let sum = 0
  for (let at = position; at > 0; at -= at & -at) sum += tree[at] ?? 0
  return sum
}

/** Position of the living entry number `rank`, counted from 1. */
function positionOfRank(tree: readonly number[], rank: number): number {
  let position = 0
  let left = rank
  for (let step = 2 ** 31; step >= 1; step /= 2) {
    const next = position + step
    if (next < tree.length && (tree[next] ?? 0) < left) {
      position = next
      left -= tree[next] ?? 0
    }
  }
  return position + 1
}
