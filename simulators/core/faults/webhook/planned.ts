import type { PlannedDelivery } from '../fault.ts'

/** An ordinary planned delivery of the event `e-1`, for the tests of this folder. */
export const planned = (given: Partial<PlannedDelivery> = {}): PlannedDelivery => ({
  event: 'thing.made',
  eventId: 'e-1',
  body: '{"id":1}',
  headers: {},
  contentType: 'application/json',
  dueMs: 1_000,
  hold: false,
  wrongSignatures: 0,
  ...given,
})
