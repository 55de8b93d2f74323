import { expect, test } from 'vitest'
import { z } from 'zod'
import { switchGaps } from './switch-gaps.ts'

const assumptions = z.object({
  mode: z.enum(['off', 'on']).default('off'),
  strict: z.boolean().default(true),
  limit: z.number().default(5),
  ladder: z.array(z.number()).default([1, 5]),
})
const whole = {
  mode: { values: ['on', 'off'] },
  strict: { values: [true, false] },
  limit: { values: [5, 6] },
  ladder: { values: [[1, 5], [2]] },
}

test('nothing is missing where every value is shown', () => {
  expect(switchGaps(assumptions, whole)).toEqual([])
})

test.each([
  [
    'a switch',
    { mode: whole.mode, strict: whole.strict, ladder: whole.ladder },
    'limit is not shown',
  ],
  ['a word', { ...whole, mode: { values: ['on'] } }, 'mode is not shown as "off"'],
  ['a side', { ...whole, strict: { values: [true] } }, 'strict is not shown as false'],
  ['the default', { ...whole, limit: { values: [6, 7] } }, 'limit is not shown as 5'],
  ['a default list', { ...whole, ladder: { values: [[1], [2]] } }, 'ladder is not shown as [1,5]'],
  ['another value', { ...whole, limit: { values: [5] } }, 'limit is shown with one value alone'],
])('%s left out is told', (_, shows, gap) => {
  expect(switchGaps(assumptions, shows)).toEqual([gap])
})

test('a switch and a value that are not there are told', () => {
  const shows = { ...whole, mode: { values: ['off', 'on', 'up'] }, gone: { values: [1, 2] } }
  expect(switchGaps(assumptions, shows)).toEqual(['there is no switch gone', 'mode is never "up"'])
})
