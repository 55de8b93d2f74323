import { expect, test } from 'vitest'
import { createCarriedBy } from './carried-keys.ts'

const document = `
paths:
  /things/{thing_id}:
    parameters:
      - { in: path, name: thing_id }
    post:
      operationId: makeThing
      parameters:
        - $ref: '#/components/parameters/colour'
        - { in: header, name: x-key }
      requestBody:
        content:
          application/json:
            schema: { $ref: '#/components/schemas/Thing' }
  /open:
    post:
      operationId: makeOpen
      requestBody:
        content:
          application/json: { schema: { properties: { attributes: { type: object } } } }
webhooks:
  thing.made:
    post:
      parameters: [{ in: query, name: at }]
      requestBody:
        content:
          application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Part' } } }
components:
  parameters:
    colour: { in: query, name: colour }
  schemas:
    Thing:
      type: object
      properties:
        parts: { type: array, items: { $ref: '#/components/schemas/Part' } }
    Part:
      allOf:
        - { properties: { sku: {}, within: { $ref: '#/components/schemas/Part' } } }
`
const carried = createCarriedBy(() => document)

test('a call carries its path, its query and its body at any depth, but not its headers', () => {
  const { keys, isOpen } = carried.operation('makeThing') ?? {}
  expect([...(keys ?? [])].sort()).toEqual(['colour', 'parts', 'sku', 'thing_id', 'within'])
  expect(isOpen).toBe(false)
})

test('an event carries its body alone', () => {
  expect(carried.event('thing.made')).toEqual({ keys: new Set(['sku', 'within']), isOpen: false })
})

test('a body that anybody may add to is open', () => {
  expect(carried.operation('makeOpen')).toMatchObject({ isOpen: true })
})

test('what the document does not have is not known', () => {
  expect([carried.operation('getThing'), carried.event('constructor')]).toEqual([
    undefined,
    undefined,
  ])
})
