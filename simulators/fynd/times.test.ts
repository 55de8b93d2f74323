import { expect, test } from 'vitest'
import { parseUtc, writeBusinessTime, writeDay, writeUtc } from './times.ts'

const startMs = Date.UTC(2026, 0, 5, 4, 30)

test('business times are Indian local time that claims to be UTC, unless told to be honest', () => {
  expect(writeBusinessTime(startMs, 'ist_labelled_utc')).toBe('2026-01-05T10:00:00+00:00')
  expect(writeBusinessTime(startMs, 'true_utc')).toBe('2026-01-05T04:30:00+00:00')
})

test('a UTC time survives being written and read', () => {
  expect(parseUtc(writeUtc(startMs))).toBe(startMs)
  expect(parseUtc('2026-01-05T04:30:00.250Z')).toBe(startMs + 250)
})

test.each([
  '2026-01-05',
  '2026-02-30T00:00:00Z',
  '2026-01-05T04:30:00',
  '2026-01-05T10:00:00+05:30',
  'now',
])('does not take %s for a UTC time', (text) => {
  expect(parseUtc(text)).toBeUndefined()
})

test('a delivery day is a day of the customer, not of UTC', () => {
  expect(writeDay(Date.UTC(2026, 0, 5, 20, 0))).toBe('Tue, 6 Jan')
})
