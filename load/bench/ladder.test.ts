import { expect, it } from 'vitest'
import { playLadder } from './ladder.ts'

it('plays twenty attempts over 48 h 36 s until the event is disabled', async () => {
  const { attempts, virtualMs, state } = await playLadder(() => 0)
  expect({ attempts, virtualMs, state }).toEqual({
    attempts: 20,
    virtualMs: 48 * 3_600_000 + 36_000,
    state: 'disabled',
  })
})
