import { expect, test } from 'vitest'
import { neverApplied } from './never-applied.ts'

const how = { options: {}, draw: 0, nowMs: 0, memory: {} }

test('takes back what the call did and leaves its answer alone', () => {
  expect(neverApplied.apply({ apply: 'yes', holdMs: 5 }, how)).toEqual({
    apply: 'undone',
    holdMs: 5,
  })
})

test('takes nothing back where nothing was done', () => {
  const plan = { apply: 'never', holdMs: 0, instead: { status: 503 } } as const
  expect(neverApplied.apply(plan, how)).toEqual(plan)
})
