import { expect, test } from 'vitest'
import { parseDuration } from './duration.ts'

test.each([
  ['250ms', 250],
  ['10s', 10_000],
  ['1.5m', 90_000],
  ['2h', 7_200_000],
  ['3d', 259_200_000],
  ['1h 30m', 5_400_000],
  ['1h30m', 5_400_000],
  ['2w', 1_209_600_000],
  ['0', 0],
  ['0.07s', 70],
])('reads %s', (text, expected) => {
  expect(parseDuration(text)).toBe(expected)
})

test.each(['', '10', '10 m', 'm', '-5s', '10min', '0.5ms', '1e3s', '5300w'])(
  'refuses "%s"',
  (text) => {
    expect(parseDuration(text)).toBeUndefined()
  },
)
