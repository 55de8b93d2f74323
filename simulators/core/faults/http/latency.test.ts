import { expect, test } from 'vitest'
import { latency } from './latency.ts'

const ordinary = { apply: 'yes', holdMs: 0 } as const
const hold = (given: object, draw: number): number =>
  latency.apply(ordinary, { options: latency.options.parse(given), draw, nowMs: 0, memory: {} })
    .holdMs

test('holds every answer equally long with a fixed delay', () => {
  expect([0, 0.5, 0.99].map((draw) => hold({ fixed: '200ms' }, draw))).toEqual([200, 200, 200])
})

test('spreads evenly over a range', () => {
  const draws = [0, 0.5, 0.999999]
  expect(draws.map((draw) => hold({ range: ['100ms', '300ms'] }, draw))).toEqual([100, 200, 300])
})

test('has its median and its tail where a log-normal has them', () => {
  const logNormal = { median: '100ms', sigma: 0.5 }
  expect(hold({ logNormal }, 0.5)).toBe(100)
  // exp(0.5 * 1.2816) and exp(0.5 * 2.3263)
  expect(hold({ logNormal }, 0.9)).toBe(190)
  expect(hold({ logNormal }, 0.99)).toBe(320)
  expect(hold({ logNormal }, 0.01)).toBe(31)
  expect(hold({ logNormal }, 0)).toBeGreaterThanOrEqual(0)
})

test('never holds longer than max', () => {
  expect(hold({ logNormal: { median: '1s', sigma: 2 }, max: '3s' }, 0.999)).toBe(3000)
})

test('meets each named percentile and runs straight between them', () => {
  const percentiles = { 99: '2s', 50: '100ms', 90: '500ms' }
  const draws = [0, 0.25, 0.5, 0.7, 0.9, 0.99, 0.999]
  expect(draws.map((draw) => hold({ percentiles }, draw))).toEqual([
    0, 50, 100, 300, 500, 2000, 2000,
  ])
})

test('adds to what an earlier fault holds', () => {
  const options = latency.options.parse({ fixed: '200ms' })
  const plan = latency.apply(
    { apply: 'never', holdMs: 50 },
    { options, draw: 0, nowMs: 0, memory: {} },
  )
  expect(plan).toEqual({ apply: 'never', holdMs: 250 })
})

test.each([
  {},
  { fixed: '1s', range: ['1s', '2s'] },
  { fixed: 200 },
  { percentiles: { 0: '1s' } },
  { percentiles: {} },
  { logNormal: { median: '1s', sigma: -1 } },
])('refuses %j', (given) => {
  expect(latency.options.safeParse(given).success).toBe(false)
})
