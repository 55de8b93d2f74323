import { expect, test } from 'vitest'
import { slowDrip } from './slow-drip.ts'

test('applies the call and lets its answer drip', () => {
  const options = slowDrip.options.parse({ chunkBytes: 4, gap: '250ms' })
  const how = { options, draw: 0, nowMs: 0, memory: {} }
  expect(slowDrip.apply({ apply: 'yes', holdMs: 0 }, how)).toEqual({
    apply: 'yes',
    holdMs: 0,
    transport: { kind: 'drip', chunkBytes: 4, everyMs: 250 },
  })
})
