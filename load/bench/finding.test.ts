import { expect, it } from 'vitest'
import { findRatio } from './finding.ts'

const result = {
  requests: 10,
  floorRates: [100, 200, 300],
  rates: [50, 150, 90],
  ratios: [0.5, 0.75, 0.3],
  floorCpuUs: [20, 20, 20],
  cpuUs: [50, 40, 60],
}

it('the median of the ratios decides, not the ratio of the medians', () => {
  const met = findRatio({ title: 'a question', ratioTarget: 0.5, calls: 6 }, result)
  expect(met.isMet).toBe(true)
  expect(met.lines).toEqual([
    'floor            200 (100 to 300) a second (6 calls each)',
    'simulator        90 (50 to 150)',
    'of the floor     0.50 (0.30 to 0.75), target 0.5: met',
    'CPU of one       50 (40 to 60) µs, floor 20 (20 to 20) µs: 0.40 of the floor',
  ])
  expect(met.figures).toMatchObject({ target: 0.5, ratio: { median: 0.5 }, cpuRatio: 0.4 })
  const missed = findRatio({ title: 'a question', ratioTarget: 0.51 }, result)
  expect(missed.isMet).toBe(false)
  expect(missed.lines[2]).toContain('NOT MET')
})
