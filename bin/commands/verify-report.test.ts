import { expect, it } from 'vitest'
import type { Check } from '../../contracts/verify/check.ts'
import { renderJunit, writeReport } from './verify-report.ts'

const check = (outcome: Check['outcome'], ...notes: string[]): Check => ({
  group: 'shop → fynd',
  name: `a <${outcome}> one`,
  outcome,
  notes,
  wallMs: 1_500,
})

function report(checks: Check[]) {
  let text = ''
  const isGreen = writeReport({ write: (part) => (text += part) }, checks)
  return { isGreen, text }
}

it('says what is green, red and left out, and why', () => {
  const { isGreen, text } = report([check('green'), check('red', 'so', 'and so'), check('skipped')])
  expect(isGreen).toBe(false)
  expect(text).toBe(
    [
      'shop → fynd',
      '  ✓ a <green> one',
      '  ✗ a <red> one',
      '      so',
      '      and so',
      '  - a <skipped> one',
      '',
      '1 green, 1 red, 1 left out',
      '',
    ].join('\n'),
  )
})

it('counts what gave nothing but a refusal apart', () => {
  const refused: Check = { ...check('skipped'), isRefusal: true }
  expect(report([check('green'), refused, refused, check('skipped')]).text).toContain(
    '1 green, 0 red, 1 left out, 2 only refused\n',
  )
  expect(report([refused]).isGreen).toBe(false)
})

it('is green when something is, and nothing is red', () => {
  expect(report([check('green'), check('skipped')]).isGreen).toBe(true)
  expect(report([check('skipped')]).isGreen).toBe(false)
  expect(report([])).toMatchObject({
    isGreen: false,
    text: expect.stringContaining('Nothing was verified: that is red.'),
  })
})

it('writes the same as JUnit XML', () => {
  const xml = renderJunit('verify --pact', [check('green'), check('red', 'a "b" & c')], 3_000)
  expect(xml).toContain('tests="2" failures="1" errors="0" skipped="0" time="3.000"')
  expect(xml).toContain('name="a &lt;green&gt; one" classname="shop → fynd" time="1.500"/>')
  expect(xml).toContain('<failure type="red" message="a &quot;b&quot; &amp; c">')
  expect(renderJunit('verify --pact', [check('skipped')], 0)).toContain('tests="2" failures="1"')
})
