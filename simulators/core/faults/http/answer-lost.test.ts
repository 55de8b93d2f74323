import { expect, test } from 'vitest'
import { answerLost } from './answer-lost.ts'

const planned = (given: object) =>
  answerLost.apply(
    { apply: 'yes', holdMs: 0 },
    { options: answerLost.options.parse(given), draw: 0, nowMs: 0, memory: {} },
  )

test('applies the call and loses its answer by a reset', () => {
  expect(planned({})).toEqual({ apply: 'yes', holdMs: 0, transport: { kind: 'reset' } })
})

test('loses it by silence when told so', () => {
  expect(planned({ how: 'hang' }).transport).toEqual({ kind: 'hang' })
  expect(answerLost.options.safeParse({ how: 'drop' }).success).toBe(false)
})
