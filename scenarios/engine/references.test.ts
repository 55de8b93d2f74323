import { expect, it } from 'vitest'
import { resolveReferences, UnknownReference } from './references.ts'

const ref = (name: string) => `$\{${name}}`
const scope = {
  order: { id: '100001', items: [{ bag_id: 7 }], none: null },
  variant: { pay: 'COD' },
}

it('keeps the type of what it stands for, and becomes text within text', () => {
  expect(
    resolveReferences(
      [ref('order.items.0.bag_id'), ref('order.items'), `bag ${ref('order.items.0.bag_id')}`],
      scope,
    ),
  ).toEqual([7, [{ bag_id: 7 }], 'bag 7'])
})

it('leaves all but one name alone when asked', () => {
  const both = { a: ref('variant.pay'), b: `${ref('variant.pay')} ${ref('order.id')}` }
  expect(resolveReferences(both, scope, { only: 'variant' })).toEqual({
    a: 'COD',
    b: `COD ${ref('order.id')}`,
  })
})

it.each([
  ['ordr.id', /no "ordr"\. Did you mean "order"\? Known names: order, variant\./],
  ['order.idd', /no "idd"\. Did you mean "id"\? "order" has: id, items, none\./],
  ['order.none.x', /no "x"\. "order\.none" has: nothing\./],
  ['order.constructor', /no "constructor"/],
  ['order.__proto__', /no "__proto__"/],
  ['order.items.length', /no "length"/],
  ['order.id + 1', /is no reference/],
  ['', /is no reference/],
])('refuses %s', (name, message) => {
  const resolve = () => resolveReferences({ a: [ref(name)] }, scope)
  expect(resolve).toThrow(UnknownReference)
  expect(resolve).toThrow(message)
})

it('refuses an object within text', () => {
  expect(() => resolveReferences(`order ${ref('order')}`, scope)).toThrow(/is not text/)
})

it('says where it stands', () => {
  try {
    resolveReferences({ a: ['fine', ref('nothing')] }, scope)
  } catch (error) {
    expect(error).toMatchObject({ path: ['a', 1] })
    return
  }
  throw new Error('It was resolved.')
})
