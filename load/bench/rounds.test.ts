import { expect, it } from 'vitest'
import { differenceInShape, renderSpread, runPaired, spreadOf } from './rounds.ts'

it('runs contenders in turns, alternates who begins, and leaves warm-up and preparation out', async () => {
  let nowMs = 0
  const calls: string[] = []
  let cpuUs = 0
  const contender = (name: string, costMs: number) => ({
    prepare: (round: number) => {
      nowMs += 1_000
      cpuUs += 1_000_000
      return `${name}${round}`
    },
    run: async (volley: string) => {
      calls.push(volley)
      nowMs += costMs
      cpuUs += costMs * 500
    },
    cpuUs: async () => cpuUs,
  })
  const result = await runPaired({
    floor: contender('f', 100),
    contender: contender('c', 200),
    requests: 50,
    rounds: 2,
    warmUps: 1,
    nowMs: () => nowMs,
  })
  expect(calls).toEqual(['f0', 'c0', 'c1', 'f1', 'f2', 'c2'])
  expect(result).toEqual({
    requests: 50,
    floorRates: [500, 500],
    rates: [250, 250],
    ratios: [0.5, 0.5],
    floorCpuUs: [1_000, 1_000],
    cpuUs: [2_000, 2_000],
  })
})

it.each([
  [[3, 1, 2], { min: 1, median: 2, max: 3 }],
  [[4, 1, 2, 3], { min: 1, median: 2.5, max: 4 }],
  [[7], { min: 7, median: 7, max: 7 }],
])('spreads %j', (values, spread) => {
  expect(spreadOf(values)).toEqual(spread)
})

it('writes a spread with the median first', () => {
  expect(renderSpread({ min: 0.4, median: 0.5, max: 0.61 }, 2)).toBe('0.50 (0.40 to 0.61)')
})

it.each([
  [{ a: 1, b: [{ c: 's' }] }, { b: [{ c: 't' }, { c: 'u' }], a: 2 }, undefined],
  [{ a: 1 }, { a: '1' }, '/a: number against string'],
  [{ a: 1 }, { a: 1, b: 2 }, '/b: undefined against number'],
  [{ a: [{ b: null }] }, { a: [{ b: {} }] }, '/a/0/b: null against object'],
  [[], [1], '/0: undefined against number'],
])('tells how %j and %j differ in shape', (wanted, given, difference) => {
  expect(differenceInShape(wanted, given)).toBe(difference)
})
