import { expect, test } from 'vitest'
import {
  type BagStatus,
  isLegalStep,
  planCancellation,
  planSteps,
  transitions,
} from './bag-machine.ts'

const statuses = Object.keys(transitions) as BagStatus[]
const at = (status: BagStatus, deliveryAttempts = 0) => ({ status, deliveryAttempts })

test('every plan is a chain of legal steps that ends where it was asked to', () => {
  for (const from of statuses) {
    for (const to of statuses) {
      for (const inFull of [false, true]) {
        const steps = planSteps(at(from), to, inFull)
        if (!steps) continue
        expect(steps.at(-1)).toBe(to)
        let here = from
        for (const step of steps) {
          expect(isLegalStep(at(here), step), `${from} to ${to}: ${here} to ${step}`).toBe(true)
          here = step
        }
      }
    }
  }
})

test('payment, refusals and reassignment are never passed on the way', () => {
  const never: BagStatus[] = ['placed', 'bag_not_confirmed', 'store_reassigned', 'cancelled_fynd']
  for (const from of statuses) {
    for (const to of statuses) {
      const passed = planSteps(at(from), to, true)?.slice(0, -1) ?? []
      for (const status of never) expect(passed).not.toContain(status)
    }
  }
})

test('an unpaid, refused or finished bag cannot be delivered', () => {
  for (const from of [
    'pending',
    'payment_failed',
    'bag_not_confirmed',
    'product_not_available',
    'rejected_by_customer',
    'bag_lost',
    'cancelled_fynd',
    'delivery_done',
  ] as const) {
    expect(planSteps(at(from), 'delivery_done'), from).toBeUndefined()
  }
})

test('a step that is legal by itself is taken alone unless the whole story is wanted', () => {
  expect(planSteps(at('bag_picked'), 'delivery_done')).toEqual(['delivery_done'])
  expect(planSteps(at('bag_picked'), 'delivery_done', true)).toEqual([
    'out_for_delivery',
    'delivery_done',
  ])
  expect(planSteps(at('dp_assigned'), 'bag_picked')).toEqual(['bag_picked'])
})

test('an act passes the usual states before its own', () => {
  expect(planSteps(at('placed'), 'bag_picked')).toEqual([
    'bag_confirmed',
    'bag_invoiced',
    'dp_assigned',
    'bag_packed',
    'bag_picked',
  ])
  expect(planSteps(at('store_reassigned'), 'handed_over_to_customer')).toEqual([
    'bag_confirmed',
    'handed_over_to_customer',
  ])
})

test('after the third failed attempt nobody tries again', () => {
  expect(planSteps(at('delivery_attempt_failed', 2), 'delivery_done')).toEqual([
    'out_for_delivery',
    'delivery_done',
  ])
  expect(planSteps(at('delivery_attempt_failed', 3), 'delivery_done')).toBeUndefined()
})

test('FYND cancels until the bag is packed, and a missed pickup', () => {
  const cancellable = statuses.filter((status) => planCancellation(at(status)))
  expect(cancellable.sort()).toEqual(
    [
      'pending',
      'placed',
      'bag_not_confirmed',
      'product_not_available',
      'bag_confirmed',
      'bag_invoiced',
      'dp_not_assigned',
      'dp_assigned',
      'bag_not_picked',
    ].sort(),
  )
})
