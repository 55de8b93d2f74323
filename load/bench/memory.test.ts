import { expect, it } from 'vitest'
import { earlyAndLate } from './memory.ts'

it('compares the middle of a tenth, so that one swing of the collector says nothing', () => {
  const early = [90, 300, 100, 300, 100, 100, 300, 100]
  // The tenth that ends with the fifth: values 3 and 4 of 20.
  expect(earlyAndLate([...early, ...Array.from({ length: 12 }, () => 110)])).toEqual({
    early: 200,
    late: 110,
  })
  expect(earlyAndLate(Array.from({ length: 200 }, (_, at) => at))).toEqual({
    early: 29.5,
    late: 189.5,
  })
})

it('takes what there is of a short run', () => {
  expect(earlyAndLate([5, 7])).toEqual({ early: 5, late: 7 })
})
