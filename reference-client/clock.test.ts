import { expect, test } from 'vitest'
import { createWallClock } from './clock.ts'
import { createRandom } from './random.ts'

test('pushing the clock forward wakes what sleeps until then, and only that', async () => {
  const clock = createWallClock()
  const woken: string[] = []
  const day = clock.sleep(86_400_000).then(() => woken.push('day'))
  const rest = new AbortController()
  const month = clock.sleep(30 * 86_400_000, rest.signal)
  clock.advance(86_400_000)
  await day
  expect(woken).toEqual(['day'])
  rest.abort(new Error('enough'))
  await expect(month).rejects.toThrow('enough')
  await expect(clock.sleep(1, rest.signal)).rejects.toThrow('enough')
})

test('chance is a pure function of seed and use', () => {
  const one = createRandom('7')
  const uses = ['a', 'b', 'a/1', 'a/2']
  expect(uses.map(one)).toEqual(uses.map(createRandom('7')))
  expect(new Set(uses.map(one)).size).toBe(4)
  expect(uses.map(createRandom('8'))).not.toEqual(uses.map(one))
  for (const use of uses) {
    expect(one(use)).toBeGreaterThanOrEqual(0)
    expect(one(use)).toBeLessThan(1)
  }
})
