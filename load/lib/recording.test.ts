import { expect, it } from 'vitest'
import { readRecording, seriesOf } from './recording.ts'

// As k6 1.8.1 writes it: a value row for each metric known so far, by name.
const lines = [
  {
    event: 'param',
    data: { aggregates: { counter: ['count', 'rate'], gauge: ['value'], trend: ['med', 'p(95)'] } },
  },
  { event: 'metric', data: { time: { type: 'gauge' } } },
  { event: 'start', data: [[1_000]] },
  {
    event: 'metric',
    data: { http_reqs: { type: 'counter' }, http_req_duration: { type: 'trend' } },
  },
  { event: 'cumulative', data: [[9, 9], [9, 9], [2_000]] },
  { event: 'snapshot', data: [[1.5, 3], [98, 98], [2_000]] },
  { event: 'metric', data: { judge_asked: { type: 'counter' } } },
  { event: 'snapshot', data: [[], [0, 0], [1, 1], [4_004]] },
].map((line) => JSON.stringify(line))

it('reads a value for each metric and moment, by name', () => {
  expect(readRecording(lines.join('\n'))).toEqual([
    {
      second: 0,
      values: {
        http_req_duration: { med: 1.5, 'p(95)': 3 },
        http_reqs: { count: 98, rate: 98 },
        time: { value: 2_000 },
      },
    },
    {
      second: 2,
      values: {
        http_reqs: { count: 0, rate: 0 },
        judge_asked: { count: 1, rate: 1 },
        time: { value: 4_004 },
      },
    },
  ])
})

it('stops at a line that was cut off', () => {
  const text = lines.join('\n')
  expect(readRecording(text.slice(0, -10))).toHaveLength(1)
  expect(readRecording('')).toEqual([])
})

it('draws a line through the moments that have a value', () => {
  const moments = readRecording(lines.join('\n'))
  expect(seriesOf(moments, 'p95', 'http_req_duration', 'p(95)')).toEqual({
    name: 'p95',
    points: [{ second: 0, value: 3 }],
  })
})
