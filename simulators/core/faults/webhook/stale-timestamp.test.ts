import { expect, test } from 'vitest'
import { planned } from './planned.ts'
import { staleTimestamp } from './stale-timestamp.ts'

const body = {
  created: 1_767_587_400_000,
  seconds: 1_767_587_400,
  updated_at: '2026-01-05T10:00:00+00:00',
  amount: 499,
  note: 'soon',
}

function applied(given: object): object {
  const [delivery] = staleTimestamp.apply([planned({ body: JSON.stringify(body) })], {
    options: staleTimestamp.options.parse(given),
    draw: 0,
    nowMs: 0,
    memory: {},
    held: [],
    names: { times: ['created', 'seconds', 'updated_at', 'note'] },
  })
  return JSON.parse(delivery?.body ?? '')
}

test('times of every form are earlier, all else stays', () => {
  expect(applied({ by: '2h' })).toEqual({
    ...body,
    created: 1_767_580_200_000,
    seconds: 1_767_580_200,
    updated_at: '2026-01-05T08:00:00+00:00',
  })
})

test('six hours unless told otherwise, and only under the keys that were given', () => {
  expect(applied({ keys: ['updated_at'] })).toEqual({
    ...body,
    updated_at: '2026-01-05T04:00:00+00:00',
  })
})
