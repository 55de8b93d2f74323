import fc from 'fast-check'
import { expect, test } from 'vitest'
import { split } from './orders.ts'

const amounts = fc.array(fc.nat(100_000_000), { minLength: 1, maxLength: 60 })

test('shares add up to the whole and none is negative', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000_000), amounts, (totalMinor, weights) => {
      const parts = split(totalMinor, weights)
      expect(parts.reduce((a, b) => a + b, 0)).toBe(totalMinor)
      for (const part of parts) expect(part).toBeGreaterThanOrEqual(0)
    }),
  )
})

test('a discount of the whole order is shared by what each bag costs', () => {
  expect(split(90_000, [50_000, 25_000, 25_000])).toEqual([45_000, 22_500, 22_500])
})

test('bags that cost nothing share evenly', () => {
  expect(split(100, [0, 0, 0])).toEqual([33, 34, 33])
})
