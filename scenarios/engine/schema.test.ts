import { expect, it } from 'vitest'
import { z } from 'zod'
import { doableSchema, scenarioSchema } from './schema.ts'
import type { Vocabulary } from './vocabulary.ts'

const words: Vocabulary = {
  partners: [{ name: 'p', acts: {}, things: [], operations: [], assumptions: z.object({}) }],
  sites: ['p'],
  actions: { 'shop.wave': { about: 'Waves.', input: z.object({ to: z.string() }) } },
  shopThings: {},
  fault: z.unknown(),
  refuseFault: () => undefined,
  shapes: {},
  values: {},
  documented: new Set(),
  invariants: ['all-is-well'],
}

it('builds the schemas of a vocabulary once, so that they are compiled once', () => {
  expect(scenarioSchema(words)).toBe(scenarioSchema(words))
  expect(scenarioSchema({ ...words })).not.toBe(scenarioSchema(words))
  expect(doableSchema(words, 'shop.wave')).toBe(doableSchema(words, 'shop.wave'))
  expect(doableSchema(words, 'shop.wave')?.safeParse({ to: 'asha', too: 1 }).success).toBe(false)
})
