import { expect, test } from 'vitest'
import { Refusal } from '../../refusal.ts'
import { createStage } from '../../testing/stage.ts'
import { rateLimit } from './rate-limit.ts'

/** Seconds to wait at each of these times; 0: the call passes. */
function waits(given: object, timesMs: number[]): number[] {
  const memory = {}
  const options = rateLimit.options.parse(given)
  return timesMs.map((nowMs) => {
    const how = { options, draw: 0, nowMs, memory }
    const { instead } = rateLimit.apply({ apply: 'yes', holdMs: 0 }, how)
    return instead instanceof Refusal ? Number(instead.details.headers?.['retry-after']) : 0
  })
}

test('lets so many pass in each window and tells how long the others have to wait', () => {
  expect(waits({ calls: 2, per: '10s' }, [0, 1_000, 2_500, 9_999, 10_000, 10_001, 10_002])).toEqual(
    [0, 0, 8, 1, 0, 0, 10],
  )
})

test('without more it refuses every call', () => {
  expect(waits({}, [0, 500, 60_000])).toEqual([60, 60, 60])
  expect(waits({ retryAfter: '7s' }, [0, 500])).toEqual([7, 7])
})

test('speaks the dialect of the partner, and what it counted outlives a snapshot', async () => {
  const stage = createStage()
  stage.world.arm({ partner: 'tiny', name: 'rate-limit', calls: 1 })
  expect((await stage.call('GET', '/v1/orders/A-1')).status).toBe(404)
  const refused = await stage.call('GET', '/v1/orders/A-1')
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60'])
  expect(JSON.stringify(await refused.json())).toContain('Too many calls')
  expect(stage.world.snapshot()).toContain('"passed":1')
  expect(stage.world.judge().breaches).toEqual([])
})
