import { expect, it } from 'vitest'
import { parseAssignments, type ValueSchema } from './arguments.ts'

it.each([
  ['a plain word', ['sku=TEE-M'], { sku: 'TEE-M' }],
  [
    'numbers, booleans, null',
    ['a=5', 'b=true', 'c=null', 'd=-1.5'],
    { a: 5, b: true, c: null, d: -1.5 },
  ],
  ['JSON', ['lines=[{"sku":"TEE-M"}]'], { lines: [{ sku: 'TEE-M' }] }],
  ['text that would be a number', ['pincode="560001"'], { pincode: '560001' }],
  ['dotted keys', ['to.city=Pune', 'to.pincode=1'], { to: { city: 'Pune', pincode: 1 } }],
  ['an equals sign in the value', ['note=a=b'], { note: 'a=b' }],
  ['an empty value', ['note='], { note: '' }],
  ['nothing', [], {}],
])('reads %s', (_, words, input) => {
  expect(parseAssignments(words)).toEqual(input)
})

it('keeps text where the act wants text, and only there', () => {
  const schema: ValueSchema = {
    properties: {
      pincode: { type: 'string' },
      mode: { enum: ['1', '2'] },
      either: { anyOf: [{ type: 'string' }, { type: 'integer' }] },
      to: { type: 'object', properties: { pincode: { anyOf: [{ type: 'string' }] } } },
    },
  }
  const words = ['pincode=560001', 'mode=1', 'either=5', 'to.pincode=560002', 'quantity=3']
  expect(parseAssignments(words, schema)).toEqual({
    pincode: '560001',
    mode: '1',
    either: 5,
    to: { pincode: '560002' },
    quantity: 3,
  })
  expect(parseAssignments(['pincode="560001"'], schema)).toEqual({ pincode: '560001' })
})

it.each([
  [['sku'], '"sku" is no key=value'],
  [['=5'], '"=5" is no key=value'],
  [['a..b=5'], '"a..b" is no key'],
  [['__proto__.x=5'], '"__proto__.x" is no key'],
  [['a=1', 'a=2'], '"a=2": given twice'],
  [['a=1', 'a.b=2'], '"a.b=2": a has a value already'],
  [['a=[1]', 'a.b=2'], '"a.b=2": a has a value already'],
])('refuses %j', (words, message) => {
  expect(() => parseAssignments(words)).toThrow(message)
})
