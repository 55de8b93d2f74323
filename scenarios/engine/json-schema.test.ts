import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { listScenarios, vocabulary } from './index.ts'
import { renderJsonSchema } from './json-schema.ts'

const written = readFileSync(new URL('../schema.json', import.meta.url), 'utf8')

const ajv = new Ajv2020({ strict: false })
addFormats.default(ajv)
const isValid = ajv.compile(JSON.parse(written))

it('is up to date: run npx tsx scenarios/engine/write-schema.ts', () => {
  expect(written === renderJsonSchema(vocabulary())).toBe(true)
})

it.each(listScenarios().map(({ name, file }) => [name, file]))('accepts %s', (_, file) => {
  isValid(parse(readFileSync(file, 'utf8')))
  expect(isValid.errors).toBeNull()
})

const story = (step: object) => ({ name: 'a', about: 'b', shop: 'fynd', steps: [step] })

it('accepts a reference where a number is wanted', () => {
  const quantity = '$' + '{variant.quantity}'
  const set = { sku: 'TEE-M', store: 'BLR-01', quantity }
  expect(isValid(story({ 'fynd.stock.set': set }))).toBe(true)
})

it.each([
  ['an unknown act', { 'fynd.stock.sett': {} }],
  ['a misspelt key', { 'fynd.stock.set': { sku: 'TEE-M', store: 'BLR-01', quantiti: 5 } }],
  [
    'a value of another type',
    { 'fynd.stock.set': { sku: 'TEE-M', store: 'BLR-01', quantity: 'many' } },
  ],
  ['an unknown fault', { fault: { partner: 'fynd', name: 'dupe' } }],
  ['an unknown thing to look at', { expect: { 'shop.ordr': { id: '1' } } }],
])('refuses %s', (_, step) => {
  expect(isValid(story(step))).toBe(false)
})
