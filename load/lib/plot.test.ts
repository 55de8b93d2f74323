import { expect, it } from 'vitest'
import { renderPlot, scaleOf } from './plot.ts'

const plotOf = (...values: number[]) => ({
  title: 'Rate',
  unit: 'a second',
  series: [{ name: 'requests', points: values.map((value, second) => ({ second, value })) }],
})

it('ends a scale at a round number above all values', () => {
  expect(scaleOf([plotOf(3, 480), plotOf(7)])).toEqual({ seconds: 1, value: 500 })
  expect(scaleOf([plotOf(0.0123)]).value).toBeCloseTo(0.02)
  expect(scaleOf([plotOf()])).toEqual({ seconds: 1, value: 1 })
})

it('draws higher values higher, and later ones further right', () => {
  const [, path = ''] = /points="([^"]+)"/.exec(renderPlot(plotOf(0, 50, 100))) ?? []
  const points = path.split(' ').map((pair) => pair.split(',').map(Number))
  const [first = [], second = [], third = []] = points
  expect(first[0]).toBeLessThan(second[0] ?? 0)
  expect(second[0]).toBeLessThan(third[0] ?? 0)
  expect(first[1]).toBeGreaterThan(second[1] ?? 0)
  expect(second[1]).toBeGreaterThan(third[1] ?? 0)
})

it('shows a single value as a dot', () => {
  expect(renderPlot(plotOf(5))).toContain('<circle')
})
