import { expect, it } from 'vitest'
import { mayRefuse, parsePartnerProfile, renderPartnerFaults, slowMsOf } from './partner-profile.ts'

it('reads percentiles, limit and errors in any order', () => {
  expect(parsePartnerProfile('limit=20/s, p95=600ms,p50=120ms,errors=1.5%')).toEqual({
    percentiles: { 50: 120, 95: 600 },
    limit: { calls: 20, perMs: 1_000 },
    errors: 0.015,
  })
  expect(parsePartnerProfile('limit=100/5m,p99.9=2s')).toEqual({
    percentiles: { 99.9: 2_000 },
    limit: { calls: 100, perMs: 300_000 },
  })
})

it.each(['', 'p50', 'p0=1ms', 'p101=1ms', 'p50=1', 'limit=20', 'errors=101%', 'p50=1ms,speed=9'])(
  'refuses %j and tells what would do',
  (text) => {
    expect(() => parsePartnerProfile(text)).toThrow('does not fit. Known: p50=120ms')
  },
)

it('refuses a higher percentile that is faster', () => {
  expect(() => parsePartnerProfile('p50=200ms,p95=100ms')).toThrow('p95 is shorter than p50')
})

it('arms one fault for each wish at each partner', () => {
  const profile = parsePartnerProfile('p50=120ms,limit=20/s,errors=1%')
  expect(renderPartnerFaults(profile, ['fynd', 'konnect'])).toEqual(
    ['fynd', 'konnect'].flatMap((partner) => [
      { partner, name: 'latency', percentiles: { 50: '120ms' } },
      { partner, name: 'rate-limit', calls: 20, per: '1000ms' },
      { partner, name: 'status', status: 503, probability: 0.01 },
    ]),
  )
  expect(renderPartnerFaults({ percentiles: {} }, ['fynd'])).toEqual([])
})

it('knows how slow a call may be, and whether it may be refused', () => {
  expect(slowMsOf(undefined)).toBe(0)
  expect(slowMsOf(parsePartnerProfile('p50=120ms'))).toBe(120)
  expect(slowMsOf(parsePartnerProfile('p50=120ms,p95=600ms,p99=2s'))).toBe(600)
  expect(mayRefuse(undefined)).toBe(false)
  expect(mayRefuse(parsePartnerProfile('p50=120ms,errors=0%'))).toBe(false)
  expect(mayRefuse(parsePartnerProfile('limit=1/s'))).toBe(true)
  expect(mayRefuse(parsePartnerProfile('errors=1%'))).toBe(true)
})
