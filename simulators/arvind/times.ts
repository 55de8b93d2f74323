/** The delivered date on the wire, `2025-07-20T05:04:00Z`: real UTC to the second (facts/arvind.md 3.7). */
export const writeUtc = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 19)}Z`

/** "2-4 Days" reads a delivery mode's `deliveryTime`. */
export const writeDays = (days: number): string => `${days} Day${days === 1 ? '' : 's'}`
