import { expect, it } from 'vitest'
import { unknownFields } from './unknown-fields.ts'
import { parseWire, readWire } from './wire.ts'

const tiny = new URL('./testing/tiny/openapi.yaml', import.meta.url)

it('reads routes from the document', async () => {
  const wire = await readWire(tiny)
  expect(wire.operations.map(({ id, method, path }) => `${id} ${method} ${path}`)).toEqual([
    'placeOrder POST /v1/orders',
    'getOrder GET /v1/orders/{order_id}',
  ])
})

it('says which field of a body is wrong', async () => {
  const operation = (await readWire(tiny)).operation('placeOrder')
  expect(
    operation?.checkBody({ order_id: 'A', sku: 'BAG', quantity: 1 }, 'application/json'),
  ).toBeNull()
  const issues = operation?.checkBody({ order_id: 'A', sku: 7, quantity: 0 }, 'application/json')
  expect(issues).toEqual([
    { path: 'sku', message: 'must be string' },
    { path: 'quantity', message: 'must be >= 1' },
  ])
})

it('finds an answer with an undocumented status or shape', async () => {
  const operation = (await readWire(tiny)).operation('getOrder')
  expect(operation?.checkAnswer(404, { code: 'x', message: 'y' })).toBeNull()
  expect(operation?.checkAnswer(418, {})).toContain('does not document status 418')
  expect(operation?.checkAnswer(200, { id: 'T1' })).toContain('must have required property')
})

it('checks the calls that the partner makes', async () => {
  const wire = await readWire(tiny)
  const order = { id: 'T1', order_id: 'A', sku: 'BAG', quantity: 1, status: 'handed-over' }
  const event = { event: 'order.handed-over', event_id: 'e', order }
  expect(wire.checkWebhook('order.handed-over', event)).toBeNull()
  expect(wire.checkWebhook('order.handed-over', { ...event, order: {} })).toContain(
    'order must have',
  )
  expect(wire.checkWebhook('order.lost', event)).toContain('no webhook "order.lost"')
})

it('names fields that the document does not know', async () => {
  const operation = (await readWire(tiny)).operation('placeOrder')
  if (!operation) throw new Error('placeOrder is missing')
  expect(unknownFields(operation, ['debug'], { order_id: 'A', skew: 'BAG' })).toEqual([
    'query/debug',
    'skew',
  ])
})

const batch = `
openapi: 3.1.0
info: { title: Batch, version: '1' }
paths:
  /stock:
    put:
      operationId: putStock
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: '#/components/schemas/Batch' }
      responses: { '200': { description: ok } }
components:
  schemas:
    Batch:
      type: object
      required: [items]
      properties:
        items: { type: array, maxItems: 2, x-each-record: true, items: { $ref: '#/components/schemas/Row' } }
    Row: { type: object, required: [sku], properties: { sku: { type: string } } }
`

it('checks the envelope of a batch at the door and each record alone', async () => {
  const operation = (await parseWire(batch)).operation('putStock')
  const json = 'application/json'
  expect(operation?.checkBody({ items: [{ sku: 'A' }, { sku: 7 }] }, json)).toBeNull()
  expect(operation?.checkBody({ items: [{}, {}, {}] }, json)?.[0]?.path).toBe('items')
  expect(operation?.checkBody({ items: ['A'] }, json)?.[0]?.path).toBe('items/0')
  expect(operation?.checkRecord('items', { sku: 'A' })).toBeNull()
  expect(operation?.checkRecord('items', { sku: 7 })).toEqual([
    { path: 'sku', message: 'must be string' },
  ])
  expect(() => operation?.checkRecord('rows', {})).toThrow('no array "rows"')
})

it('reads a list with commas as a list, and its numbers as numbers', async () => {
  const parameter = (name: string, more: string) =>
    `- { name: ${name}, in: query, ${more} schema: { type: array, items: { type: integer } } }`
  const wire = await parseWire(`
openapi: 3.1.0
info: { title: Lists, version: '1' }
paths:
  /things:
    get:
      operationId: listThings
      parameters:
        ${parameter('ids', 'style: form, explode: false,')}
        ${parameter('each', '')}
      responses: { '200': { description: ok } }
`)
  const check = (query: object) => wire.operation('listThings')?.checkParams({ query })
  const query = { ids: '1,20', each: ['3', '4'] }
  expect(check(query)).toBeNull()
  expect(query).toEqual({ ids: [1, 20], each: [3, 4] })
  expect(check({ ids: '' })).toBeNull()
  expect(check({ ids: '1,x' })).toEqual([{ path: 'query/ids/1', message: 'must be integer' }])
  expect(check({ each: '1,2' })).not.toBeNull()
})
