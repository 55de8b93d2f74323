import { expect, it } from 'vitest'
import { findProfile, iterationsOf, planScenario, secondsOf } from './profiles.ts'

const wanted = { exec: 'checkout', ratePerSecond: 100, calls: 5 }

it('names the profiles there are', () => {
  expect(() => findProfile('smoky')).toThrow(
    'Unknown profile "smoky". Known: smoke, steady, spike, soak.',
  )
  expect(() => findProfile('constructor')).toThrow('Unknown profile')
})

it('holds a steady rate for five minutes, with users ready for every iteration of two seconds', () => {
  expect(planScenario({ profile: 'steady' }, wanted)).toEqual({
    exec: 'checkout',
    executor: 'constant-arrival-rate',
    rate: 100,
    duration: '300s',
    timeUnit: '1s',
    preAllocatedVUs: 200,
    maxVUs: 400,
    gracefulStop: '30s',
  })
})

it('keeps more users ready for a slow partner', () => {
  const partner = { percentiles: { 95: 600 } }
  expect(planScenario({ profile: 'steady', partner }, wanted).preAllocatedVUs).toBe(500)
})

it('takes a rate and a length in place of its own, and keeps the shape', () => {
  const push = { profile: 'spike', ratePerSecond: 60, durationSeconds: 120 }
  const { startRate, stages } = planScenario(push, wanted)
  expect(startRate).toBe(10)
  expect(stages).toEqual([
    { duration: '30s', target: 10 },
    { duration: '10s', target: 60 },
    { duration: '40s', target: 60 },
    { duration: '10s', target: 10 },
    { duration: '30s', target: 10 },
  ])
  expect(secondsOf(push)).toBe(120)
})

it('lets the other scenarios of a question grow with the one that a rate was named for', () => {
  const push = { profile: 'steady', ratePerSecond: 40 }
  const beside = { exec: 'change', ratePerSecond: 50, mainRatePerSecond: 20, calls: 1 }
  expect(planScenario(push, beside).rate).toBe(100)
})

it('never rests, however small its share is', () => {
  expect(planScenario({ profile: 'smoke' }, { ...wanted, ratePerSecond: 1 }).rate).toBe(1)
})

it('counts the iterations that will be begun', () => {
  expect(iterationsOf({ profile: 'smoke' }, wanted)).toBe(101)
  // 15 s at 50, 5 s up to 300, 20 s there, 5 s down, 15 s at 50.
  expect(iterationsOf({ profile: 'spike' }, wanted)).toBe(750 + 875 + 6_000 + 875 + 750 + 1)
})
