import { createHook } from 'node:async_hooks'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, expect, it } from 'vitest'
import type { FaultSpec } from '../simulators/core/faults/armed.ts'
import { replayWorld } from '../simulators/core/replay.ts'
import type { World } from '../simulators/core/world.ts'
import { partners } from '../simulators/index.ts'
import { listScenarios, playScenario, readScenario, vocabulary } from './engine/index.ts'
import { holdsShape, shapeOf } from './engine/shape.ts'

const files = listScenarios().map(({ file }) => file)
const scenarios = files.flatMap((file) => readScenario(file))
const each = scenarios.map((scenario) => [scenario.title, scenario] as const)

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** The journals of a second process, with another idea of time zone and language. */
let elsewhere: Record<string, string> = {}

beforeAll(async () => {
  const script = fileURLToPath(new URL('./engine/testing/journal-hashes.ts', import.meta.url))
  const env = { ...process.env, TZ: 'Pacific/Chatham', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' }
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script], {
    env,
    maxBuffer: 16 * 1024 * 1024,
  })
  elsewhere = JSON.parse(stdout) as Record<string, string>
}, 300_000)

it('holds the stories that the issue names, one file each', () => {
  expect(files.map((file) => file.replace(/^.*\//, ''))).toEqual(
    expect.arrayContaining([
      'answer-of-order-placed-lost.yaml',
      'callback-and-webhook-race.yaml',
      'callback-lost.yaml',
      'cod-to-delivered.yaml',
      'confirm-page-reloaded.yaml',
      'customer-abandons.yaml',
      'fynd-down-at-cod-click.yaml',
      'pincode-not-serviceable.yaml',
      'prepaid-to-delivered.yaml',
      'stock-gone-before-cart.yaml',
      'stock-gone-before-order.yaml',
      'store-rejects.yaml',
      'webhooks-twice-and-out-of-order.yaml',
    ]),
  )
})

/** What may be left in the end, and by which fault; all else every client can mend. */
const leavable = [
  // Arvind tells a status once, and the website asks for none.
  'item-status-agrees by drop',
  // An id of another website: Arvind says yes, and books the order there.
  'order-exists-once by no fault',
]

it('leaves nothing in the end that is not on the list', () => {
  const left = scenarios.flatMap(({ story, given, steps }) => {
    const faults = [...given, ...steps]
      .filter(({ word }) => word === 'fault')
      .map(({ value }) => Reflect.get(value as object, 'name'))
    const causes = faults.length > 0 ? faults : ['no fault']
    return story.leaves.flatMap(({ invariant }) => causes.map((name) => `${invariant} by ${name}`))
  })
  expect(left.filter((pair) => !leavable.includes(pair))).toEqual([])
})

it.each(each)(
  '%s is named after its file and looks at the shop and at a partner',
  (_, scenario) => {
    expect(scenario.file.endsWith(`/${scenario.story.name}.yaml`)).toBe(true)
    const looked = scenario.steps
      .filter(({ word }) => word === 'expect')
      .flatMap(({ value }) => Object.keys(value as object))
    expect(looked.some((what) => what.startsWith('shop.'))).toBe(true)
    expect(
      looked.some((what) => partners.some(({ name }) => what.startsWith(`${name}.`))),
      'nothing is expected of a partner',
    ).toBe(true)
  },
)

it.each(each)(
  '%s is green and writes the same journal in another process',
  async (title, scenario) => {
    const result = await playScenario(scenario)
    expect(result.failure).toBeUndefined()
    expect(result.outcome).toBe('green')
    expect(sha256(result.journal)).toBe(elsewhere[title])
  },
)

it.each(each)('%s ends well with another seed, with other ids', async (_, scenario) => {
  const idsOf = (world: World) => ({
    credentials: world.partners.map(({ name }) => world.credentials(name)),
    orders: [
      ...world.things('fynd', 'order').map((order) => Reflect.get(order, 'fynd_order_id')),
      ...world.things('arvind', 'order').map((order) => Reflect.get(order, 'orderId')),
    ],
    deliveries: world.deliveries().map(({ eventId }) => eventId),
  })
  const ids: ReturnType<typeof idsOf>[] = []
  const inspect = ({ world }: { world: World }) => ids.push(idsOf(world))
  const looked = (key: string, items: readonly unknown[]) => {
    const known = vocabulary().shapes[key] ?? 'unknown'
    const strange = items.filter((item) => !holdsShape(known, shapeOf(item)))
    expect(strange, `${key}: run npx tsx scenarios/engine/write-things.ts`).toEqual([])
  }
  const first = await playScenario(scenario, { inspect })
  const second = await playScenario(scenario, { seed: first.seed + 1, inspect, looked })
  expect(second.failure).toBeUndefined()
  expect(ids[0]?.credentials).not.toEqual(ids[1]?.credentials)
  for (const kind of ['orders', 'deliveries'] as const) {
    const seen = new Set(ids[0]?.[kind])
    expect(ids[1]?.[kind].filter((id) => seen.has(id))).toEqual([])
  }
})

/** Every family and every way of matching; none fits anything that happens. */
const neverMatching: FaultSpec[] = [
  { partner: 'fynd', name: 'status', status: 500, where: { affiliate_order_id: 'never' } },
  { partner: 'fynd', name: 'latency', fixed: '5s', from: '3650d', probability: 0.5 },
  { partner: 'payment-gateway', name: 'reset', after: 100_000 },
  { partner: 'fynd', name: 'drop', on: 'ping' },
  { partner: 'payment-gateway', name: 'duplicate', where: { payment_id: 'never' } },
  { partner: 'arvind', name: 'answer-lost', where: { orderReference: 'never' } },
  { partner: 'arvind', name: 'delay', by: '1h', where: { orderReference: 'never' } },
]

it.each(each)('%s does not notice faults that match nothing', async (_, scenario) => {
  const seen: unknown[] = []
  const inspect = ({ world }: { world: World }) => {
    seen.push({
      answers: world
        .journal({ kind: 'request' })
        .map(({ atMs, data }) => [atMs, data.method, data.target, data.status, data.answer]),
      // Arming takes sequence numbers of its own; they are no part of what anybody is sent.
      deliveries: JSON.stringify(world.deliveries(), (key, value) =>
        key === 'seq' || key === 'cause' ? undefined : value,
      ),
      states: partners.map(({ name }) => world.state(name)),
    })
  }
  await playScenario(scenario, { inspect })
  await playScenario(scenario, { inspect, faults: neverMatching })
  expect(JSON.stringify(seen[1])).toBe(JSON.stringify(seen[0]))
})

it.each(each)('%s is rebuilt from its input log', async (_, scenario) => {
  let snapshot = ''
  let log: ReturnType<World['inputs']> | undefined
  await playScenario(scenario, {
    keepInputs: true,
    inspect: ({ world }) => {
      snapshot = world.snapshot()
      log = world.inputs()
    },
  })
  if (!log) throw new Error('No input log was kept.')
  const again = await replayWorld(log, { partners })
  expect(again.snapshot()).toBe(snapshot)
  again.close()
})

/** Promises and ticks are microtasks; the conductor's own turn is the one thing that is not. */
const microtasks = new Set(['PROMISE', 'TickObject', 'Microtask'])
const isTurn = (type: string, stack: string) =>
  type === 'Immediate' && /core[/\\]clock\.ts/.test(stack)

/** Kinds of asynchronous resources that `work` made and nobody counts, each with the place it was made at. */
async function strangersOf(work: () => Promise<unknown>): Promise<[string, string][]> {
  const strangers = new Map<string, string>()
  const hook = createHook({
    init(_id, type) {
      if (microtasks.has(type) || strangers.has(type)) return
      const stack = new Error(type).stack ?? ''
      if (!isTurn(type, stack)) strangers.set(type, stack)
    },
  })
  hook.enable()
  try {
    await work()
  } finally {
    hook.disable()
  }
  return [...strangers]
}

it.each(each)('%s never leaves the microtasks', async (_, scenario) => {
  // Wires are read and schemas compiled at first use; that is not the story's doing.
  await playScenario(scenario)
  expect(await strangersOf(() => playScenario(scenario))).toEqual([])
})

it.each([
  ['a file', () => readFile(new URL(import.meta.url))],
  ['a hash in the background', () => crypto.subtle.digest('SHA-256', new Uint8Array(1))],
  [
    'a turn of its own',
    () => new Promise((go) => process.nextTick(() => globalThis.setImmediate(go))),
  ],
])('%s would be noticed', async (_, work) => {
  expect(await strangersOf(work)).not.toEqual([])
})
