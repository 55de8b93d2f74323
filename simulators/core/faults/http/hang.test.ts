import { expect, test } from 'vitest'
import { hang } from './hang.ts'

test('does nothing and breaks the wire, whatever an earlier fault wanted', () => {
  const plan = { apply: 'yes', holdMs: 10, instead: { status: 503 } } as const
  expect(hang.apply(plan, { options: {}, draw: 0, nowMs: 0, memory: {} })).toEqual({
    ...plan,
    apply: 'never',
    transport: { kind: 'hang' },
  })
})
