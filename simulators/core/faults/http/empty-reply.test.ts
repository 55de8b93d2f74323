import { expect, test } from 'vitest'
import { emptyReply } from './empty-reply.ts'

const planned = (given: object) =>
  emptyReply.apply(
    { apply: 'yes', holdMs: 0 },
    { options: emptyReply.options.parse(given), draw: 0, nowMs: 0, memory: {} },
  )

test('says nothing and does nothing', () => {
  expect(planned({})).toEqual({ apply: 'never', holdMs: 0, transport: { kind: 'empty-reply' } })
})

test('does what was asked all the same when told so', () => {
  expect(planned({ applied: true }).apply).toBe('yes')
})
