import { expect, test } from 'vitest'
import { readFyndTime } from './fynd-times.ts'

const iso = (text: string | null, timestamps: 'ist_labelled_utc' | 'true_utc') => {
  const atMs = readFyndTime(text, timestamps)
  return atMs === undefined ? undefined : new Date(atMs).toISOString()
}

test.each([
  ['2026-01-05T10:00:00+00:00', '2026-01-05T04:30:00.000Z'],
  ['2026-01-05T10:00:00Z', '2026-01-05T04:30:00.000Z'],
  ['2026-01-01 02:00:00.5', '2025-12-31T20:30:00.500Z'],
  // Named for what it is: nothing to mend.
  ['2026-01-05T10:00:00+05:30', '2026-01-05T04:30:00.000Z'],
])('%s is Indian local time whatever it says', (text, utc) => {
  expect(iso(text, 'ist_labelled_utc')).toBe(utc)
})

test('believes the label when the operator says that FYND mended its clock', () => {
  expect(iso('2026-01-05T10:00:00+00:00', 'true_utc')).toBe('2026-01-05T10:00:00.000Z')
})

test.each([null, '', 'yesterday', '2026-13-40T10:00:00Z'])('%s is no time', (text) => {
  expect(iso(text, 'ist_labelled_utc')).toBeUndefined()
})
