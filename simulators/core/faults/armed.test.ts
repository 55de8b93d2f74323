import { expect, test } from 'vitest'
import { createTestMachine } from '../testing/machine.ts'
import { armedFaultsMax, createFaults, type FaultSpec } from './armed.ts'
import type { PlannedDelivery } from './fault.ts'

const targets = {
  tiny: {
    operations: ['getThing', 'makeThing'],
    events: ['thing.made', 'thing.gone'],
    channels: ['webhook', 'callback'],
  },
  other: { operations: ['getThing'], events: [], channels: [] },
}

function setUp(...specs: object[]) {
  const machine = createTestMachine()
  const faults = createFaults(machine, targets)
  for (const spec of specs) faults.arm({ partner: 'tiny', ...spec } as FaultSpec)
  const call = (body: unknown = undefined, operation = 'makeThing', partner = 'tiny') =>
    faults.planCall(partner, operation, { body }).applied
  return { machine, faults, call }
}

const hits = (times: number, call: () => string[]): number[] =>
  Array.from({ length: times }, (_, at) => at + 1).filter(() => call().length > 0)

test('a call that nothing matches goes its ordinary way', () => {
  const { faults } = setUp()
  expect(faults.planCall('tiny', 'makeThing', {})).toEqual({
    plan: { apply: 'yes', holdMs: 0 },
    applied: [],
  })
})

test('matches by partner and operation', () => {
  const { call } = setUp({ name: 'hang', on: 'makeThing' })
  expect(call()).toEqual(['hang'])
  expect(call(undefined, 'getThing')).toEqual([])
  expect(call(undefined, 'getThing', 'other')).toEqual([])
})

test('a fault on nothing in particular is on all of its partner, calls to nowhere included', () => {
  const { call, faults } = setUp({ name: 'reset' })
  expect(call(undefined, 'getThing')).toEqual(['reset'])
  expect(call(undefined, 'getThing', 'other')).toEqual([])
  expect(faults.planCall('tiny', undefined, {}).applied).toEqual(['reset'])
})

test('matches values: all keys, any of the values of a key', () => {
  const { call } = setUp({ name: 'hang', where: { sku: ['TEE-M', 'TEE-L'], to_pincode: 194101 } })
  expect(call({ items: [{ sku: 'TEE-L' }], address: { to_pincode: '194101' } })).toEqual(['hang'])
  expect(call({ items: [{ sku: 'TEE-M' }, { sku: 'TEE-L' }] })).toEqual([])
  expect(call({ sku: 'TEE-S', to_pincode: 194101 })).toEqual([])
  expect(call()).toEqual([])
})

test('matches a path parameter and one entry of a comma list in the query', () => {
  const { faults } = setUp({ name: 'hang', where: { sku: 'B', store: 'X' } })
  const carried = { path: { store: 'X' }, query: { sku: 'A,B,C' } }
  expect(faults.planCall('tiny', 'getThing', carried).applied).toEqual(['hang'])
})

test.each([
  [{ first: 2 }, [1, 2]],
  [{ nth: 3 }, [3]],
  [{ every: 2 }, [2, 4, 6]],
  [{ after: 4 }, [5, 6]],
  [{ after: 1, first: 3 }, [2, 3]],
  [{ probability: 0 }, []],
  [{ probability: 1 }, [1, 2, 3, 4, 5, 6]],
])('counts what it matched: %j', (count, expected) => {
  const { call } = setUp({ name: 'hang', on: 'makeThing', where: { sku: 'A' }, ...count })
  const outcome = hits(6, () => {
    // Neither of these may be counted.
    call({ sku: 'B' })
    call({ sku: 'A' }, 'getThing')
    return call({ sku: 'A' })
  })
  expect(outcome).toEqual(expected)
})

test('holds in its window only, counted from the arming or named by the clock', () => {
  const { machine, call, faults } = setUp({ name: 'hang', from: '10m', until: '20m', first: 1 })
  faults.arm({ partner: 'tiny', name: 'reset', from: '2026-01-05T10:15:00+05:30' })
  const seen: string[][] = []
  for (let minute = 0; minute <= 20; minute += 5) {
    seen.push(call())
    machine.advance(5 * 60_000)
  }
  expect(seen).toEqual([[], [], ['hang'], ['reset'], ['reset']])
})

test('strikes about as often as its probability says, and the same under one seed', () => {
  const spec = { name: 'hang', probability: 0.3 }
  const once = hits(1_000, setUp(spec).call)
  expect(once.length).toBeGreaterThan(250)
  expect(once.length).toBeLessThan(350)
  expect(hits(1_000, setUp(spec).call)).toEqual(once)
})

test('arming and removing others changes no draw of a fault', () => {
  const spec = { name: 'hang', id: 'mine', probability: 0.5 }
  const alone = hits(50, setUp(spec).call)
  const { faults, call } = setUp({ name: 'latency', id: 'x', fixed: '1s' }, spec)
  faults.arm({ partner: 'tiny', name: 'status', id: 'y', status: 500, probability: 0.5 })
  const struck = (from: number) =>
    Array.from({ length: 25 }, (_, at) => from + at).filter(() => call().includes('hang'))
  const before = struck(1)
  faults.disarm('x')
  faults.disarm('y')
  expect([...before, ...struck(26)]).toEqual(alone)
})

test('leaves a uniform draw to the fault, whatever the probability took', () => {
  const { faults } = setUp({ name: 'latency', probability: 0.1, range: ['0ms', '1000ms'] })
  const holds = Array.from({ length: 5_000 }, () => faults.planCall('tiny', 'getThing', {}))
    .filter(({ applied }) => applied.length > 0)
    .map(({ plan }) => plan.holdMs)
  const mean = holds.reduce((sum, holdMs) => sum + holdMs, 0) / holds.length
  expect(mean).toBeGreaterThan(430)
  expect(mean).toBeLessThan(570)
})

test('rewrites in the order of arming', () => {
  const { faults } = setUp(
    { name: 'status', status: 500, where: { sku: 'A' } },
    { name: 'latency', fixed: '1s' },
    { name: 'status', status: 503 },
  )
  expect(faults.planCall('tiny', 'makeThing', { body: { sku: 'A' } })).toEqual({
    plan: { apply: 'never', holdMs: 1_000, instead: { status: 503 } },
    applied: ['status', 'latency', 'status'],
  })
})

test('names faults by their id, or by their name and a number that never comes back', () => {
  const { faults } = setUp({ name: 'hang' }, { name: 'hang' }, { name: 'hang', id: 'mine' })
  expect(faults.list().map(({ id }) => id)).toEqual(['hang', 'hang-2', 'mine'])
  faults.disarm('hang-2')
  expect(faults.arm({ partner: 'tiny', name: 'hang' }).id).toBe('hang-3')
  expect(() => faults.arm({ partner: 'tiny', name: 'drop', id: 'mine' })).toThrow(
    'A fault "mine" is armed already.',
  )
})

test('disarms one or all, and says so', () => {
  const { faults, call } = setUp({ name: 'hang' }, { name: 'reset' })
  const heard: string[][] = []
  faults.onDisarm((ids) => heard.push(ids))
  expect(faults.disarm('hang')).toBe(1)
  expect(call()).toEqual(['reset'])
  expect(() => faults.disarm('hang')).toThrow('No fault "hang" is armed. Armed: reset.')
  expect(faults.disarm()).toBe(1)
  expect(faults.disarm()).toBe(0)
  expect(call()).toEqual([])
  expect(heard).toEqual([['hang'], ['reset'], []])
})

test('a spec that is changed after arming changes nothing', () => {
  const { faults } = setUp()
  const spec = { partner: 'tiny', name: 'hang', where: { sku: 'A' } }
  faults.arm(spec)
  spec.where.sku = 'B'
  expect(faults.list()[0]?.spec.where).toEqual({ sku: 'A' })
})

test('goes on counting after a snapshot', () => {
  const specs = [
    { name: 'hang', probability: 0.5, after: 3 },
    { name: 'reset', every: 3 },
  ]
  const whole = setUp(...specs)
  const half = setUp(...specs)
  for (let n = 0; n < 10; n += 1) {
    whole.call()
    half.call()
  }
  const saved = structuredClone(half.faults.snapshot())
  const again = createFaults(createTestMachine(), targets)
  again.restore(saved)
  for (let n = 0; n < 10; n += 1) {
    expect(again.planCall('tiny', 'makeThing', {}).applied).toEqual(whole.call())
  }
  expect(again.list()).toEqual(whole.faults.list())
  expect(again.arm({ partner: 'tiny', name: 'hang' }).id).toBe('hang-2')
})

test('many faults that do not match cost one walk over the body, not one each', () => {
  const { faults, call } = setUp()
  const arm = (where: object, n: number) =>
    faults.arm({ partner: 'tiny', name: 'hang', id: `f-${n}`, on: 'makeThing', where } as FaultSpec)
  for (let n = 0; n < 200; n += 1) arm({ sku: `SKU-${n}`, store: 'X' }, n)
  let reads = 0
  const item = Object.defineProperty({}, 'sku', {
    enumerable: true,
    get() {
      reads += 1
      return 'TEE-M'
    },
  })
  expect(call({ items: [item] })).toEqual([])
  expect(reads).toBe(1)
  expect(faults.list().every(({ matched }) => matched === 0)).toBe(true)
})

test('holds no more than its limit', () => {
  const { faults } = setUp()
  for (let n = 0; n < armedFaultsMax; n += 1) faults.arm({ partner: 'tiny', name: 'hang' })
  expect(() => faults.arm({ partner: 'tiny', name: 'hang' })).toThrow('can be armed')
})

const emitted = { partner: 'tiny', channel: 'webhook', event: 'thing.made', body: { sku: 'A' } }
const first: PlannedDelivery = {
  event: 'thing.made',
  eventId: 'e-2',
  body: '{"sku":"A"}',
  headers: {},
  contentType: 'application/json',
  dueMs: 100,
  hold: false,
  wrongSignatures: 0,
}

test('webhook faults match by event, by channel and by value', () => {
  const applied = (spec: object) =>
    setUp(spec).faults.planDelivery(emitted, first, () => []).applied
  expect(applied({ name: 'drop', on: 'thing.made' })).toEqual(['drop'])
  expect(applied({ name: 'drop', on: ['callback', 'webhook'] })).toEqual(['drop'])
  expect(applied({ name: 'drop', on: 'thing.gone' })).toEqual([])
  expect(applied({ name: 'drop', on: 'callback' })).toEqual([])
  expect(applied({ name: 'drop', where: { sku: 'A' } })).toEqual(['drop'])
  expect(applied({ name: 'drop', where: { sku: 'B' } })).toEqual([])
  expect(applied({ name: 'hang' })).toEqual([])
})

test('webhook faults compose, and only those that changed something are named', () => {
  const { faults } = setUp(
    { name: 'duplicate' },
    { name: 'delay', by: '1s' },
    { name: 'drop' },
    { name: 'delay', by: '2s' },
  )
  expect(faults.planDelivery(emitted, first, () => [])).toEqual({
    plan: [],
    applied: ['duplicate', 'delay', 'drop'],
  })
})

test('a fault rewrites the event that it matched, not the older one that reorder lets go', () => {
  const { faults } = setUp({ name: 'reorder' }, { name: 'drop', on: 'thing.made' })
  const held = { ...first, id: 'd-1', eventId: 'e-1', event: 'thing.gone', hold: true }
  const { plan } = faults.planDelivery(emitted, first, (id) => (id === 'reorder' ? [held] : []))
  expect(plan).toEqual([{ ...held, hold: false }])
})

test('what is held knows by which fault', () => {
  const { faults } = setUp({ name: 'reorder', id: 'swap' }, { name: 'duplicate' })
  const { plan } = faults.planDelivery(emitted, first, () => [])
  expect(plan.map(({ heldBy }) => heldBy)).toEqual(['swap', 'swap'])
})

test('a window that has ended before it is armed is refused, with the time of the world', () => {
  const { machine, faults } = setUp()
  const until = new Date(machine.nowMs).toISOString()
  const arm = () => faults.arm({ partner: 'tiny', name: 'hang', until })
  expect(arm).toThrow(`until must be later than now, which is ${until} in this world`)
  expect(faults.list()).toEqual([])
})

test('a window of a duration and an instant that could never open is refused when it is armed', () => {
  const { machine, faults } = setUp()
  const until = new Date(machine.nowMs + 60_000).toISOString()
  const arm = (from: string) => faults.arm({ partner: 'tiny', name: 'hang', from, until })
  expect(() => arm('2m')).toThrow('until must be later than from')
  expect(arm('30s').id).toBe('hang')
})

test('a fault that lets a call pass as it is has not struck', () => {
  const { faults, call } = setUp({ name: 'rate-limit', calls: 2 })
  expect([call(), call(), call()]).toEqual([[], [], ['rate-limit']])
  expect(faults.list()).toMatchObject([{ matched: 3, applied: 1 }])
})
