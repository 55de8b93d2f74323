import { z } from 'zod'

/** How many first attempts of a delivery a fault spoils: the first one, so that a retry comes right, unless told otherwise. */
export const attempts = z.union([z.int().min(1).max(1_000), z.literal('all')]).default(1)

/** As good as every attempt: no ladder is longer. */
export const countOf = (given: number | 'all'): number => (given === 'all' ? 1_000 : given)
