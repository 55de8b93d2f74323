import { expect, it } from 'vitest'
import { renderJunit, renderLines } from './results.ts'

const summary = {
  metrics: {
    'http_req_duration{name:order}': {
      values: { 'p(95)': 12.34567, max: 20 },
      thresholds: { 'p(95)<10': { ok: false } },
    },
    judge_green: { values: { rate: 1 }, thresholds: { 'rate==1': { ok: true } } },
    data_sent: { values: { count: 5 } },
  },
}

it('writes a JUnit case for each threshold', () => {
  expect(renderJunit('checkout', summary)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="checkout" tests="2" failures="1">
  <testcase classname="checkout" name="http_req_duration{name:order} p(95)&#60;10"><failure message="not met: p(95) 12.346, max 20"/></testcase>
  <testcase classname="checkout" name="judge_green rate==1"></testcase>
</testsuite>
`)
})

it('fails a run that checked nothing', () => {
  expect(renderJunit('checkout', { metrics: {} })).toContain('tests="1" failures="1"')
})

it('tells each threshold in a line, the ones that were not met last', () => {
  expect(renderLines(summary)).toBe(
    'met     judge_green rate==1 (rate 1)\nNOT MET http_req_duration{name:order} p(95)<10 (p(95) 12.346, max 20)\n',
  )
})
