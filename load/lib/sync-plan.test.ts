import { expect, it } from 'vitest'
import { chunk, lagsOf, pickSkus, secondStamp, stampQuantity } from './sync-plan.ts'

it('reads off a quantity how long ago it was set', () => {
  const beganMs = 1_000_000
  const before = new Map([
    ['A', 7],
    ['B', stampQuantity(beganMs + 100, beganMs)],
  ])
  const now = new Map([
    ['A', stampQuantity(beganMs + 500, beganMs)],
    ['B', stampQuantity(beganMs + 100, beganMs)],
    ['C', stampQuantity(beganMs + 900, beganMs)],
    ['D', 0],
  ])
  expect(lagsOf(before, now, beganMs + 1_000, beganMs)).toEqual([500, 100])
})

it('never stamps a 0, which is no stock', () => {
  expect(stampQuantity(5, 5)).toBe(1)
})

it('takes all SKUs in turns, and each at most once in an iteration', () => {
  const skus = ['A', 'B', 'C', 'D', 'E']
  expect([0, 1, 2].map((iteration) => pickSkus(skus, iteration, 2).join(''))).toEqual([
    'AB',
    'CD',
    'EA',
  ])
  expect(pickSkus(skus, 3, 500)).toHaveLength(5)
})

it('cuts a list in parts and loses nothing', () => {
  expect(chunk([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]])
  expect(chunk([], 2)).toEqual([])
})

it('writes a time as F1 wants it', () => {
  expect(secondStamp(Date.UTC(2026, 0, 5, 4, 30, 7, 999))).toBe('2026-01-05T04:30:07Z')
})
