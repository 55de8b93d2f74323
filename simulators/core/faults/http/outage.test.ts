import { expect, test } from 'vitest'
import { createStage } from '../../testing/stage.ts'
import { outage } from './outage.ts'

test('is over when its window is', async () => {
  const stage = createStage()
  stage.world.arm({ partner: 'tiny', name: 'outage', until: '10m', retryAfter: '30s' })
  const down = await stage.call('GET', '/v1/orders/A-1')
  expect([down.status, down.headers.get('retry-after')]).toEqual([503, '30'])
  stage.world.clock.moveTo(stage.world.clock.nowMs + 10 * 60_000)
  expect((await stage.call('GET', '/v1/orders/A-1')).status).toBe(404)
})

test.each(['reset', 'hang'] as const)('may be a %s', (as) => {
  const how = { options: outage.options.parse({ as }), draw: 0, nowMs: 0, memory: {} }
  expect(outage.apply({ apply: 'yes', holdMs: 0 }, how)).toEqual({
    apply: 'never',
    holdMs: 0,
    transport: { kind: as },
  })
})
