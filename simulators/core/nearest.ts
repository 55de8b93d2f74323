/** The candidate that takes the fewest edits, if it is near enough to be what was meant. */
export function nearestName(
  name: string,
  known: readonly string[],
  editsMax = Number.POSITIVE_INFINITY,
): string | undefined {
  let best: string | undefined
  // Two edits in three letters leave nothing of the word.
  const nearEdits = name.length <= 3 ? 1 : Math.max(2, Math.floor(name.length / 3))
  let bestEdits = Math.min(nearEdits, editsMax) + 1
  for (const candidate of known) {
    const edits = editsBetween(name.toLowerCase(), candidate.toLowerCase(), bestEdits)
    if (edits < bestEdits) {
      best = candidate
      bestEdits = edits
    }
  }
  return best
}

/** `Unknown act "tiny.stok.set". Did you mean "tiny.stock.set"? Known: …` */
export function unknownName(what: string, name: string, known: readonly string[]): string {
  const near = nearestName(name, known)
  const meant = near === undefined ? '' : ` Did you mean "${near}"?`
  const list = known.length > 0 ? [...known].sort().join(', ') : 'none'
  return `Unknown ${what} "${name}".${meant} Known: ${list}.`
}

/** Levenshtein's distance, given up once it reaches `editsMax`. Long names are compared by their beginning. */
function editsBetween(a: string, b: string, editsMax: number): number {
  const left = a.slice(0, 100)
  const right = b.slice(0, 100)
  if (Math.abs(left.length - right.length) >= editsMax) return editsMax
  let row = Array.from({ length: right.length + 1 }, (_, at) => at)
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= right.length; j += 1) {
      const same = left[i - 1] === right[j - 1] ? 0 : 1
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same))
    }
    row = next
  }
  return row[right.length] ?? editsMax
}
