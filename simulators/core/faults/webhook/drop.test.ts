import { expect, test } from 'vitest'
import { drop } from './drop.ts'
import { planned } from './planned.ts'

test('leaves nothing of the plan', () => {
  const how = { options: {}, draw: 0, nowMs: 0, held: [], memory: {}, names: {} }
  expect(drop.apply([planned(), planned()], how)).toEqual([])
})
