import { expect, test } from 'vitest'
import { batchFaults } from './batch/index.ts'
import { httpFaults } from './http/index.ts'
import { faultMatch, faultsByName, parseFault } from './spec.ts'
import { webhookFaults } from './webhook/index.ts'

const targets = {
  tiny: {
    operations: ['getThing', 'makeThing'],
    events: ['thing.made', 'thing.gone'],
    channels: ['webhook'],
    batches: { makeThing: { records: { body: 'things' } } },
  },
}
const parse = (spec: object) => parseFault({ partner: 'tiny', ...spec }, targets)

test('a name belongs to one fault of one family', () => {
  const names = [...httpFaults, ...batchFaults, ...webhookFaults].map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  expect([...faultsByName.keys()].sort()).toEqual(names.sort())
})

test('no fault has an option with the name of something that every fault has', () => {
  const taken = Object.keys(faultMatch.shape)
  for (const { name, options } of [...httpFaults, ...batchFaults, ...webhookFaults]) {
    const clashes = Object.keys(options.shape).filter((key) => taken.includes(key))
    expect(clashes, name).toEqual([])
  }
})

test('options stand beside the rest or under `options`', () => {
  expect(parse({ name: 'delay', by: '10m' }).options).toEqual({ by: 600_000 })
  expect(parse({ name: 'delay', options: { by: '10m' } }).options).toEqual({ by: 600_000 })
  expect(() => parse({ name: 'delay', by: '10m', options: { by: '1m' } })).toThrow(
    'Option "by" of fault "delay" stands twice.',
  )
})

test.each([
  [
    { name: 'dupe', on: 'thing.made' },
    `Unknown webhook fault "dupe". Known: ${webhookFaults.map(({ name }) => name).join(', ')}.`,
  ],
  [
    { name: 'slow', on: ['getThing'] },
    `Unknown HTTP or batch fault "slow". Known: ${[...httpFaults, ...batchFaults]
      .map(({ name }) => name)
      .sort()
      .join(', ')}.`,
  ],
  [
    { name: 'zzzzzz' },
    'Unknown fault "zzzzzz". Known: answer-lost, body-reserialised, burst, cursor-too-old, delay, ',
  ],
  [{ name: 'dorp' }, 'Did you mean "drop"?'],
  [
    { name: 'tail-dropped', on: 'getThing' },
    'Unknown operation of tiny for the batch fault "tail-dropped": "getThing". Known: makeThing.',
  ],
  [{ name: 'drop', partner: 'acme' }, 'Unknown partner "acme". Known: tiny.'],
  [
    { name: 'drop', on: 'getThing' },
    'Unknown event or channel of tiny for the webhook fault "drop": "getThing". Known: thing.gone, thing.made, webhook.',
  ],
  [
    { name: 'hang', on: ['getThing', 'webhook'] },
    'Unknown operation of tiny for the HTTP fault "hang": "webhook". Known: getThing, makeThing.',
  ],
  [{ name: 'delay', by: '10m', of: 2 }, 'Unknown option of fault "delay": "of".'],
  [{ name: 'delay', by: '10m', of: 2 }, 'Known: by. Every fault has partner, name, id, on, where,'],
  [
    { name: 'delay', by: 'soon' },
    'Bad fault "delay": by: "soon" is no duration. Write one such as',
  ],
  [{ name: 'delay' }, 'Bad fault "delay": by:'],
  [{ name: 'drop', first: 0 }, 'Bad fault: first:'],
  [{ name: 'drop', probability: 2 }, 'Bad fault: probability:'],
  [{ name: 'drop', on: [] }, 'Bad fault: on:'],
  [{ name: 'drop', from: 'noon' }, 'Bad fault: from: "noon" is neither a duration since arming'],
  [{ name: 'drop', until: '2026-01-05T06:00:00' }, 'Bad fault: until:'],
  [
    { name: 'overtake', on: 'thing.made', by: 'thing.lost' },
    'Unknown event or channel of tiny for the webhook fault "overtake": "thing.lost".',
  ],
  [{}, 'Bad fault: name:'],
])('says what is wrong with %j', (spec, message) => {
  expect(() => parse(spec)).toThrow(message)
})

test.each([
  [
    { name: 'hang', on: 'makeThing', where: { skuu: 1 } },
    'key in where of makeThing: "skuu". Did you mean "sku"? Known: sku.',
  ],
  [{ name: 'hang', where: { nothing: 1 } }, 'Unknown key in where: "nothing". Known: id, sku.'],
  [
    { name: 'drop', on: 'webhook', where: { nothing: 1 } },
    'of webhook: "nothing". Known: id, note.',
  ],
  [{ name: 'drop', on: 'thing.gone', where: { note: 1 } }, 'of thing.gone: "note". Known: id.'],
])('a key that nothing carries is refused in %j', (spec, message) => {
  const keys = (...names: string[]) => ({ keys: new Set(names), isOpen: false })
  const carried = {
    operation: (id: string) => keys(id === 'getThing' ? 'id' : 'sku'),
    event: (name: string) => (name === 'thing.gone' ? keys('id') : keys('id', 'note')),
  }
  const all = { tiny: { ...targets.tiny, carried } }
  expect(() => parseFault({ partner: 'tiny', ...spec }, all)).toThrow(message)
  const open = {
    ...carried,
    operation: () => undefined,
    event: () => ({ ...keys(), isOpen: true }),
  }
  const partly = { tiny: { ...targets.tiny, carried: open } }
  expect(parseFault({ partner: 'tiny', ...spec }, partly).match).toMatchObject(spec)
})

test.each([undefined, null, 'drop', []])('says that %j is no fault', (spec) => {
  expect(() => parseFault(spec, targets)).toThrow('Bad fault: ')
})

test.each([
  { nth: 3, first: 2 },
  { after: 5, first: 2 },
  { after: 2, first: 2 },
  { every: 3, first: 2 },
  { nth: 3, every: 2 },
  { nth: 3, after: 3 },
  { every: 3, after: 3, first: 5 },
])('counts that no match has at once are refused: %j', (counts) => {
  expect(() => parse({ name: 'hang', ...counts })).toThrow('the fault could never strike.')
})

test.each([
  { nth: 2, first: 2 },
  { after: 1, first: 2 },
  { every: 3, first: 3 },
  { nth: 4, every: 2, after: 3, first: 4 },
  { every: 3, after: 3, first: 6 },
])('counts that one match has are accepted: %j', (counts) => {
  expect(parse({ name: 'hang', ...counts }).match).toMatchObject(counts)
})

test.each([
  { from: '10m', until: '5m' },
  { from: '10m', until: '10m' },
  { until: '0s' },
  { from: '2026-01-06T00:00:00Z', until: '2026-01-05T00:00:00Z' },
])('a window that ends before it begins is refused: %j', (window) => {
  expect(() => parse({ name: 'hang', ...window })).toThrow(
    'Bad fault: until must be later than from',
  )
})
