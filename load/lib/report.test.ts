import { expect, it } from 'vitest'
import {
  compareMetrics,
  type LoadResult,
  plotsOf,
  renderComparison,
  renderComparisonLines,
  renderReport,
  trimMoments,
} from './report.ts'

const resultOf = (name: string, p95: number): LoadResult => ({
  name,
  begun_at: '2026-01-05T04:30:00.000Z',
  run: {
    question: 'checkout',
    subject: 'partner',
    profile: 'smoke',
    sites: ['fynd'],
    faults: [{ name: '<script>' }],
  },
  exit_code: 0,
  metrics: {
    'http_req_duration{side:subject}': {
      type: 'trend',
      values: { med: 1, 'p(95)': p95 },
      thresholds: { 'p(95)<10': { ok: p95 < 10 } },
    },
    orders_acknowledged: { type: 'counter', values: { count: 50, rate: 10 } },
    delivery_lag: { type: 'trend', values: { med: 20 } },
    data_sent: { type: 'counter', values: { count: 5 } },
  },
  series: [0, 1, 2].map((second) => ({
    second,
    values: {
      http_reqs: { rate: 100 + second },
      iterations: { rate: 20 },
      orders_acknowledged: { rate: 10 },
      checks: { rate: 0.75 },
      http_req_failed: { rate: 0.5 },
      'http_req_duration{side:subject}': { med: 1, 'p(95)': p95, 'p(99)': p95 },
      delivery_lag: { med: 20 },
    },
  })),
})

const valuesOf = (result: LoadResult, plot: string, line: string) =>
  plotsOf(result)
    .find(({ title }) => title === plot)
    ?.series.find(({ name }) => name === line)
    ?.points.map(({ value }) => value)

it('plots rate, latency percentiles, errors, and what the question measures itself', () => {
  const result = resultOf('before', 5)
  expect(valuesOf(result, 'Rate', 'requests')).toEqual([100, 101, 102])
  expect(valuesOf(result, 'Rate', 'orders acknowledged')).toEqual([10, 10, 10])
  expect(valuesOf(result, 'Latency', 'p95')).toEqual([5, 5, 5])
  expect(valuesOf(result, 'Errors', 'requests failed')).toEqual([50, 50, 50])
  expect(valuesOf(result, 'Errors', 'checks failed')).toEqual([25, 25, 25])
  expect(valuesOf(result, 'delivery lag', 'median')).toEqual([20, 20, 20])
})

it('leaves out a plot without a line', () => {
  const result = {
    ...resultOf('before', 5),
    series: [{ second: 0, values: { http_reqs: { rate: 1 } } }],
  }
  expect(plotsOf(result).map(({ title }) => title)).toEqual(['Rate'])
})

it('writes one page that loads nothing, escapes all and tells what was not met', () => {
  const page = renderReport(resultOf('before', 12))
  expect(page).toContain('<polyline')
  expect(page).toContain('not met</b></td><td>http_req_duration{side:subject} p(95)&#60;10')
  expect(page).toContain('&#60;script&#62;')
  expect(page).not.toMatch(/<script|src=|href=|http:/)
})

it('compares each figure of the subject, and none of k6 itself', () => {
  const rows = compareMetrics(resultOf('before', 4), resultOf('after', 5))
  expect(rows.map(({ title }) => title)).not.toContain('data_sent count')
  expect(rows).toContainEqual({
    title: 'http_req_duration{side:subject} p(95)',
    before: '4',
    after: '5',
    change: '+25.0 %',
  })
  expect(rows.find(({ title }) => title === 'orders_acknowledged count')?.change).toBe('0 %')
})

it('tells a figure that only one of two runs has', () => {
  const before = resultOf('before', 4)
  const after = { ...resultOf('after', 4), metrics: {} }
  expect(compareMetrics(before, after).find(({ title }) => title === 'delivery_lag med')).toEqual({
    title: 'delivery_lag med',
    before: '20',
    after: '-',
    change: '',
  })
})

it('lays two runs side by side, each pair of plots on one scale', () => {
  const page = renderComparison(resultOf('before', 4), resultOf('after', 40))
  expect(page).toContain('before')
  expect(page).toContain('+900.0 %')
  const latencies = page.split('<figure>').filter((plot) => plot.includes('<b>Latency</b>'))
  expect(latencies).toHaveLength(2)
  for (const plot of latencies) expect(plot).toContain('>50</text>')
  expect(renderComparisonLines(resultOf('before', 4), resultOf('after', 40))).toContain('+900.0 %')
})

it('keeps of a recording what is plotted', () => {
  const [moment] = trimMoments([
    {
      second: 0,
      values: {
        http_reqs: { rate: 1 },
        'http_reqs{side:control}': { rate: 1 },
        'http_req_duration{side:subject}': { med: 1 },
        http_req_waiting: { med: 1 },
        vus: { value: 1 },
      },
    },
  ])
  expect(Object.keys(moment?.values ?? {})).toEqual([
    'http_reqs',
    'http_req_duration{side:subject}',
  ])
})
