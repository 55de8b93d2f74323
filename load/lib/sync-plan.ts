/**
 * Stock that says when it was set: the quantity is the milliseconds since the run began, so that whoever sees it knows how old it is.
 * Never 0, which is what a SKU without stock shows.
 */
export const stampQuantity = (nowMs: number, beganMs: number): number =>
  Math.max(1, Math.round(nowMs - beganMs))

/**
 * What is new between two looks at the quantities, and how long ago each was set. Quantities that are no stamps (before the first
 * change of their SKU) are given as `before` of the first look.
 */
export function lagsOf(
  before: ReadonlyMap<string, number>,
  now: ReadonlyMap<string, number>,
  seenMs: number,
  beganMs: number,
): number[] {
  const lags: number[] = []
  for (const [sku, quantity] of now) {
    if (before.get(sku) !== quantity && quantity > 0) {
      lags.push(Math.max(0, seenMs - beganMs - quantity))
    }
  }
  return lags
}

/** The SKUs of one iteration: all in turns, so that each is changed as rarely as can be. */
export function pickSkus(skus: readonly string[], iteration: number, count: number): string[] {
  const wanted = Math.min(count, skus.length)
  return Array.from(
    { length: wanted },
    (_, index) => skus[(iteration * wanted + index) % skus.length] ?? '',
  )
}

/** In parts of at most `size`, as the partners' limits want them. */
export function chunk<Item>(items: readonly Item[], size: number): Item[][] {
  const chunks: Item[][] = []
  for (let from = 0; from < items.length; from += size) chunks.push(items.slice(from, from + size))
  return chunks
}

/** `2026-01-05T04:30:00Z`, as F1 wants its timestamp (fynd.md 4, F1). */
export const secondStamp = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 19)}Z`
