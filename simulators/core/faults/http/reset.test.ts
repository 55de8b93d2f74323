import { expect, test } from 'vitest'
import { reset } from './reset.ts'

test('does nothing and breaks the wire, whatever an earlier fault wanted', () => {
  const plan = { apply: 'yes', holdMs: 10, instead: { status: 503 } } as const
  expect(reset.apply(plan, { options: {}, draw: 0, nowMs: 0, memory: {} })).toEqual({
    ...plan,
    apply: 'never',
    transport: { kind: 'reset' },
  })
})
