import { expect, test } from 'vitest'
import { type ItemStatus, planSteps, transitions } from './item-machine.ts'

const all = Object.keys(transitions) as ItemStatus[]

test('a plan is made of legal steps and ends where it should', () => {
  for (const from of all) {
    for (const to of all) {
      const steps = planSteps(from, to)
      if (!steps) continue
      let here = from
      for (const step of steps) {
        expect(transitions[here], `${from} to ${to}`).toContain(step)
        here = step
      }
      expect(here).toBe(to)
    }
  }
})

test('acts never pass a failure, a refusal, or the customer’s door', () => {
  const passed = new Set(
    all.flatMap((from) => all.flatMap((to) => planSteps(from, to)?.slice(0, -1) ?? [])),
  )
  for (const status of [
    'CANCELLED',
    'UNFULFILLED',
    'UNDELIVERED',
    'DELIVERED',
    'RETURN_REQUESTED',
    'RETURN_QC_FAILED',
  ] as const) {
    expect(passed).not.toContain(status)
  }
})

test.each([
  ['ASSIGNED', 'DELIVERED', ['INVOICED', 'PACKED', 'SHIPPED', 'OUT_FOR_DELIVERY', 'DELIVERED']],
  ['UNDELIVERED', 'DELIVERED', ['OUT_FOR_DELIVERY', 'DELIVERED']],
  ['UNDELIVERED', 'RTO_RECEIVED', ['RTO_INITIATED', 'RTO_RECEIVED']],
  [
    'RETURN_REQUESTED',
    'RETURN_QC_FAILED',
    ['RETURN_PICKED', 'RETURN_RECEIVED', 'RETURN_QC_FAILED'],
  ],
  ['OUT_FOR_DELIVERY', 'RTO_RECEIVED', undefined],
  ['SHIPPED', 'CANCELLED', undefined],
  ['DELIVERED', 'REFUNDED', undefined],
] as const)('from %s to %s', (from, to, steps) => {
  expect(planSteps(from, to)).toEqual(steps)
})
