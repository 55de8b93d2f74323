import { expect, it } from 'vitest'
import { problemOf, stories, story } from './testing/story.ts'

const ref = (name: string) => `$\{${name}}`

it.each([
  [
    'a misspelt operator',
    'steps:\n  - expect: { shop.order: { total_minor: { at_leest: 2 } } }\n',
    /^story\.yaml:5:\d+: Unknown operator "at_leest"\. Did you mean "at_least"\?/,
  ],
  [
    'an unknown act',
    'steps:\n  - fynd.stock.sett: { sku: TEE-M, store: BLR-01, quantity: 5 }\n',
    /^story\.yaml:5:5: Unknown step "fynd\.stock\.sett"\. Did you mean "fynd\.stock\.set"\? Accepted: fynd\.stock\.set, .* and \d+ more; npx understudy list acts/,
  ],
  [
    'an unknown shop action',
    'steps:\n  - shop.by: { sku: TEE-M, pay: COD }\n',
    /^story\.yaml:5:5: Unknown step "shop\.by"\. Did you mean "shop\.buy"\? Accepted: .*shop\.cart/,
  ],
  [
    'an unknown fault',
    'steps:\n  - fault: { partner: fynd, name: dupe }\n',
    /^story\.yaml:5:35: "dupe" is not known here\. .*(Accepted|Known).*drop/,
  ],
  [
    'a fault on an unknown event',
    'steps:\n  - fault: { partner: fynd, name: drop, on: ORDER_PLACD }\n',
    /^story\.yaml:5:5: Unknown event or channel of fynd.*ORDER_PLACD.*Did you mean "ORDER_PLACED".*Known: .*ORDER_PLACED/,
  ],
  [
    'an unknown option of a fault',
    'steps:\n  - fault: { partner: fynd, name: delay, bye: 5m }\n',
    /^story\.yaml:5:42: Unknown key "bye"\. Did you mean "by"\? Accepted: .*where/,
  ],
  [
    'a misspelt key of an act',
    'steps:\n  - fynd.stock.set: { sku: TEE-M, store: BLR-01, quantiti: 5 }\n',
    /^story\.yaml:5:50: Unknown key "quantiti"\. Did you mean "quantity"\? Accepted: sku, store, quantity\./,
  ],
  [
    'a misspelt key at the top',
    'step:\n  - settle:\n',
    /^story\.yaml:4:1: Unknown key "step"\. Did you mean "steps"\? Accepted: name, about/,
  ],
  [
    'a misspelt thing to look at',
    'steps:\n  - expect: { shop.ordr: { id: "1" } }\n',
    /^story\.yaml:5:15: Unknown expectation "shop\.ordr"\. Did you mean "shop\.order"\? Accepted: .*shop\.mails/,
  ],
  [
    'a misspelt value to look at',
    'steps:\n  - expect: { shop.mails: { evnt: ORDER_PLACED, count: 0 } }\n',
    /^story\.yaml:5:29: Unknown key "evnt"\. Did you mean "event"\? Accepted: .*order_id/,
  ],
  [
    'a value of another type',
    'steps:\n  - fynd.stock.set: { sku: TEE-M, store: BLR-01, quantity: many }\n',
    /^story\.yaml:5:60: "quantity": Expected .*number, found text \("many"\)\./,
  ],
  [
    'a missing value',
    'steps:\n  - fynd.stock.set: { sku: TEE-M, quantity: 5 }\n',
    /^story\.yaml:5:21: Missing "store": Store code, for example BLR-01/,
  ],
  [
    'a word that is not in a list',
    'steps:\n  - shop.buy: { sku: TEE-M, pay: CASH }\n',
    /^story\.yaml:5:34: "CASH" is not known here\. .*Accepted: COD, PREPAID\./,
  ],
  [
    'no duration',
    'steps:\n  - clock: { advance: soon }\n',
    /^story\.yaml:5:23: "advance": Expected a duration such as 500ms/,
  ],
  [
    'a step that does two things',
    'steps:\n  - settle:\n    disarm: all\n',
    /A step does one thing, this one has disarm and settle/,
  ],
  ['a step that does nothing', 'steps:\n  - as: order\n', /A step must say what to do/],
  ['no steps', 'steps: []\n', /^story\.yaml:4:8: .*proves nothing; write at least one\./],
  [
    'an empty expectation',
    'steps:\n  - expect: {}\n',
    /^story\.yaml:5:13: .*An empty expectation proves nothing\./,
  ],
  [
    'an unknown invariant',
    'leaves: [{ invariant: never-oversolt, why: x }]\nsteps: [{ settle: }]\n',
    /Did you mean "never-oversold"\?/,
  ],
  [
    'an unknown assumption',
    'assumptions: { fynd: { groupin: per_bag } }\nsteps: [{ settle: }]\n',
    /Unknown key "groupin"\. Did you mean "grouping"\?/,
  ],
  [
    'a key given twice',
    'seed: 1\nseed: 2\nsteps:\n  - settle:\n',
    /^story\.yaml:5:1: This is not YAML: Map keys must be unique/,
  ],
  [
    'a key that reaches a prototype',
    'steps:\n  - fynd.stock.set: { __proto__: 1 }\n',
    /^story\.yaml:5:23: "__proto__" cannot be a key\./,
  ],
  [
    'an unknown reference',
    `steps:\n  - shop.refund: { order_id: "${ref('ordr.id')}" }\n`,
    /^story\.yaml:5:30: Unknown reference "\$\{ordr\.id\}"/,
  ],
  [
    'a name given twice',
    'steps:\n  - shop.cart: { sku: A }\n    as: a\n  - shop.cart: { sku: B }\n    as: a\n',
    /^story\.yaml:7:5: "as: a" is already the name of line 5/,
  ],
  [
    'a start without an end',
    'steps:\n  - start: { shop.cart: { sku: A } }\n    as: run\n',
    /^story\.yaml:5:5: This step is started and never finished; write finish: run\./,
  ],
  [
    'a start without a name',
    'steps:\n  - start: { shop.cart: { sku: A } }\n',
    /A started step needs a name/,
  ],
  [
    'an end without a start',
    'steps:\n  - finish: run\n',
    /No step was started as "run"\. Accepted: nothing\./,
  ],
  [
    'a fault that is not armed',
    'steps:\n  - disarm: outage\n',
    /No fault is armed as "outage"\. Accepted: all\./,
  ],
  [
    'a comparison beside a value',
    'steps:\n  - expect: { shop.order: { total_minor: { at_least: 1, x: 2 } } }\n',
    /"at_least" compares, and nothing else may stand beside it/,
  ],
  [
    'a pattern that is no regular expression',
    'steps:\n  - expect: { shop.page: { message: { matches: "(" } } }\n',
    /Invalid regular expression/,
  ],
  [
    'a comparison with what is no number',
    'steps:\n  - expect: { shop.order: { total_minor: { not: { at_least: "2" } } } }\n',
    /^story\.yaml:5:61: "at_least" wants a number, found "2"\./,
  ],
  [
    'a count that is none',
    'steps:\n  - expect: { shop.mails: { event: X, count: none } }\n',
    /^story\.yaml:5:46: "count" wants a number, or a comparison of numbers, found "none"\./,
  ],
  [
    'a presence that is none',
    'steps:\n  - expect: { shop.order: { items: { exists: never } } }\n',
    /^story\.yaml:5:46: "exists" wants true or false, found "never"\./,
  ],
  [
    'a window that ends before it begins',
    'steps:\n  - fault: { partner: fynd, name: outage, from: 10m, until: 5m }\n',
    /^story\.yaml:5:5: Bad fault: until must be later than from/,
  ],
  [
    'may_miss beside what is no fault',
    'steps:\n  - settle:\n    may_miss: true\n',
    /^story\.yaml:6:15: "may_miss": It stands beside a fault only\./,
  ],
  [
    'counts that no match has at once',
    'steps:\n  - fault: { partner: fynd, name: outage, nth: 3, first: 2 }\n',
    /^story\.yaml:5:5: Bad fault: no match fits first: 2 and nth: 3 at once/,
  ],
  [
    'a key that no call carries',
    'steps:\n  - fault: { partner: fynd, name: outage, on: placeOrder, where: { affiliate_ordr_id: "1" } }\n',
    /^story\.yaml:5:68: Unknown key in where of placeOrder: "affiliate_ordr_id"\. Did you mean "affiliate_order_id"\? Known: address1, address2, affiliate_/,
  ],
  [
    'a key that no webhook carries, beside a reference',
    `steps:\n  - shop.buy: { sku: A, pay: COD }\n    as: order\n  - fault: { partner: fynd, name: drop, on: ORDER_PLACED, where: { ordr_id: "${ref('order.id')}" } }\n`,
    /^story\.yaml:7:68: Unknown key in where of ORDER_PLACED: "ordr_id"\./,
  ],
  [
    'a choice of nothing',
    'steps:\n  - expect: { shop.order: { status: { one_of: [] }, count: 0 } }\n',
    /^story\.yaml:5:47: "one_of" wants a list of at least one value, found \[\]\./,
  ],
  ['no variants', 'variants: []\nsteps: [{ settle: }]\n', /^story\.yaml:4:11: .*proves nothing/],
  [
    'a variant that is no keys and values',
    'variants: [5]\nsteps: [{ settle: }]\n',
    /^story\.yaml:4:12: .*Expected keys and values, found a number \(5\)/,
  ],
  [
    'aliases of aliases',
    `steps: [{ settle: }]\na: &a [x, x]\n${'bcdefghi'
      .split('')
      .map((name, at) => `${name}: &${name} [*${'abcdefgh'[at]}, *${'abcdefgh'[at]}]`)
      .join('\n')}\n`,
    /^story\.yaml:6:8: Too many aliases: at most 50/,
  ],
  [
    'an unknown variant',
    `variants: [{ pay: COD }]\nsteps:\n  - shop.buy: { sku: A, pay: "${ref('variant.pai')}" }\n`,
    /^story\.yaml:6:30: Unknown reference .*Did you mean "pay"\?/,
  ],
  [
    'a bad value of one variant',
    `variants: [{ pay: COD }, { pay: CASH }]\nsteps:\n  - shop.buy: { sku: A, pay: "${ref('variant.pay')}" }\n`,
    /^story\.yaml:6:30: "CASH" is not known here/,
  ],
])('says in one message where and what: %s', (_, text, message) => {
  expect(problemOf(text)).toMatch(message)
  expect(problemOf(text)).not.toContain('\n')
})

it.each([
  ['a list', '- name: story\n', '1:1: A scenario is keys and values; this file is a list.'],
  ['one value', 'story\n', '1:1: A scenario is keys and values; this file is one value.'],
  ['two documents', 'name: a\n---\nname: b\n', '2:1: A second document begins here.'],
])('refuses a file that is %s', (_, text, message) => {
  const problem = problemOf(text, true)
  expect(problem).toContain(`story.yaml:${message} Accepted: `)
  expect(problem).not.toContain('\n')
})

it('names a misspelt key before what else is wrong beside it', () => {
  const text = 'steps:\n  - shop.buy:\n      sku: 5\n      quantity: none\n      pai: COD\n'
  expect(problemOf(text)).toMatch(/^story\.yaml:8:7: Unknown key "pai"\. Did you mean "pay"\?/)
})

it('shows the nearest few of a long list, and where all of it stands', () => {
  const problem = problemOf('steps:\n  - fynd.bag.confrm: {}\n')
  expect(problem).toMatch(/Accepted: fynd\.bag\.confirm, (\S+, ){6}\S+ and \d+ more; /)
  expect(problem.length).toBeLessThan(450)
})

it('refuses a file with nothing in it', () => {
  expect(problemOf('', true)).toMatch(
    /^story\.yaml:1:1: An empty scenario proves nothing\. Accepted: /,
  )
})

it('reports what stands first in the file', () => {
  const text = 'steps:\n  - shop.by: {}\n  - shop.bye: {}\n'
  expect(problemOf(text)).toContain('story.yaml:5:5')
})

it('reads numbers of lines in files with Windows line ends', () => {
  expect(problemOf('steps:\r\n  - settle:\r\n  - shop.by: {}\r\n')).toContain('story.yaml:6:5')
})

it('unfolds variants, and keeps the type of what a reference stands for', () => {
  const unfolded = stories(
    `variants: [{ quantity: 2 }, { name: many, quantity: 30 }]\nsteps:\n  - fynd.stock.set: { sku: TEE-M, store: BLR-01, quantity: "${ref('variant.quantity')}" }\n`,
  )
  expect(unfolded.map(({ title }) => title)).toEqual(['story (2)', 'story (many)'])
  expect(unfolded.map(({ steps }) => Reflect.get(steps[0]?.value as object, 'quantity'))).toEqual([
    2, 30,
  ])
})

it('knows a name only after the step that gives it', () => {
  const uses = `  - shop.refund: { order_id: "${ref('order.id')}" }\n`
  const gives = '  - shop.buy: { sku: TEE-M, pay: COD }\n    as: order\n'
  expect(problemOf(`steps:\n${uses}${gives}`)).toMatch(/^story\.yaml:5:/)
  expect(story(`steps:\n${gives}${uses}`).steps).toHaveLength(2)
})
