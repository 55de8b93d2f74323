import { expect, it } from 'vitest'
import { hasHeard, ordersFor, planStep, settledLags, toldStates } from './storm-plan.ts'

it('takes every order through every state in its order, and then stops', () => {
  const orders = 3
  const steps = Array.from({ length: 20 }, (_, iteration) => planStep(iteration, orders))
  for (const order of [0, 1, 2]) {
    expect(steps.filter((step) => step?.order === order).map((step) => step?.to)).toEqual([
      ...toldStates,
    ])
  }
  expect(steps.slice(15)).toEqual([undefined, undefined, undefined, undefined, undefined])
})

it('has an order for every iteration', () => {
  for (const iterations of [1, 4, 5, 6, 101]) {
    expect(planStep(iterations - 1, ordersFor(iterations))).toBeDefined()
  }
})

it('counts a later state as heard, an earlier or a strange one not', () => {
  expect(hasHeard('bag_picked', 'dp_assigned')).toBe(true)
  expect(hasHeard('dp_assigned', 'dp_assigned')).toBe(true)
  expect(hasHeard('bag_confirmed', 'dp_assigned')).toBe(false)
  expect(hasHeard(null, 'bag_confirmed')).toBe(false)
})

it('measures to the end of the last attempt, of what was delivered since then', () => {
  const created_at = '2026-01-05T04:30:00.000Z'
  const before = { state: 'delivered', created_at: '2026-01-05T04:29:58.000Z' }
  expect(
    settledLags(
      [
        { ...before, attempts: [{ ended_at: '2026-01-05T04:29:59.000Z' }] },
        {
          state: 'delivered',
          created_at,
          attempts: [
            { ended_at: '2026-01-05T04:30:01.000Z' },
            { ended_at: '2026-01-05T04:30:05.500Z' },
          ],
        },
        { state: 'dead', created_at, attempts: [{ ended_at: '2026-01-05T04:30:01.000Z' }] },
        { state: 'under-way', created_at, attempts: [{ ended_at: null }] },
      ],
      Date.parse(created_at),
    ),
  ).toEqual([5_500])
})
