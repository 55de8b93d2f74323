import { expect, test } from 'vitest'
import { createRehearsal, type Rehearsal } from './testing/rehearsal.ts'

interface Ack {
  trace_id: string
  total: number
  success: number
  failed: number
  status: string
  errors: Record<string, string[]>
  stage: string
  company_id: number
}

interface Status extends Ack {
  message: string
  meta: {
    stage: string
    succeed: number
    failed: number
    failed_records: { identifier: string; message: string }[]
  }
}

const path = '/v3/catalog/product'
const methods = { create: 'POST', update: 'PUT', delete: 'DELETE' } as const

const linen = {
  item_type: 'standard',
  name: 'Linen Tee',
  slug: 'linen-tee',
  departments: ['102'],
  category: 'T-Shirts',
  brand: 'Northbound',
  item_code: 'LINEN',
  country_of_origin: 'India',
  tax_identifier: { tax_rule_id: '65a100000000000000000001' },
  hs_code: '6109',
  sizes: [
    { primary_identifier: 'LINEN-M', size: 'M', price: 1299, price_effective: 999 },
    { primary_identifier: 'LINEN-L', size: 'L', price: 1299, price_effective: 999 },
  ],
  trader: [{ type: 'Manufacturer', name: 'Example Mills', address: ['1 Mill Road'] }],
  attributes: { 'primary-colour': 'Blue' },
  is_dependent: false,
}

const tee = { slug: 'crew-neck-tee', brand: 'Northbound', item_code: 'TEE' }

const write = async (
  seller: Rehearsal,
  kind: keyof typeof methods,
  products: unknown,
  template = 'tops',
) => (await seller.call<Ack>(methods[kind], path, { body: { template, products } })).body

const statusOf = async (seller: Rehearsal, ack: Ack) =>
  await seller.get<Status>(`/v3/catalog/status?trace_id=${ack.trace_id}`)

/** The words of the only failure, after the job is done. */
async function failure(
  seller: Rehearsal,
  kind: keyof typeof methods,
  product: unknown,
  template?: string,
) {
  const ack = await write(seller, kind, [product], template)
  expect([ack.success, ack.status], JSON.stringify(ack.errors)).toEqual([1, 'SUCCESS'])
  seller.advance(2)
  const status = await statusOf(seller, ack)
  expect(status).toMatchObject({ status: 'failed', stage: 'FAILED', success: 1, failed: 0 })
  return status.meta.failed_records[0]?.message
}

test('a product is taken in, processed later, and then on sale', async () => {
  const seller = createRehearsal()
  const ack = await write(seller, 'create', [linen])
  expect(ack).toEqual({
    trace_id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4/),
    total: 1,
    success: 1,
    failed: 0,
    status: 'SUCCESS',
    errors: {},
    stage: 'RUNNING',
    company_id: 4242,
  })
  expect(await statusOf(seller, ack)).toMatchObject({ status: 'pending', stage: 'RUNNING' })
  expect((await seller.get<{ total: number }>(`${path}?item_code=LINEN`)).total).toBe(0)
  seller.advance(2)
  expect(await statusOf(seller, ack)).toMatchObject({
    status: 'completed',
    stage: 'COMPLETED',
    message: 'Product processed successfully',
    meta: { stage: 'completed', succeed: 1, failed: 0, failed_records: [], cancelled: 0 },
    batch_id: expect.stringMatching(/^[0-9a-f]{24}$/),
    last_updated_on: '2026-01-05T04:30:02.000000000Z',
  })
  const { items } = await seller.get<{ items: object[] }>(`${path}?item_code=LINEN`)
  const [created] = items
  expect(created).toMatchObject({
    ...linen,
    brand_uid: 77,
    category_slug: 't-shirts',
    all_identifiers: ['LINEN-M', 'LINEN-L'],
    created_on: '2026-01-05T04:30:02.000000000Z',
  })
  const body = [{ location_id: 'DEL-01', sku: 'LINEN-M', quantity: 5 }]
  await seller.call('PUT', '/ims/v3/inventory', { body })
  const listings = await seller.get<{ data: object[] }>('/ims/v3/listings?skus=LINEN-M')
  expect(listings.data).toHaveLength(3)
  expect(listings.data[1]).toMatchObject({ location_id: 'DEL-01', quantity: 5, esp: 999 })
  const count = await seller.get<{ data: object }>('/ims/v3/listings/count')
  expect(count.data).toEqual({ listing_count: 10 })
})

test('stages over time: products of one job are done one after the other', async () => {
  const seller = createRehearsal()
  const products = [0, 1, 2, 3].map((n) => ({
    ...linen,
    item_code: `LINEN${n}`,
    slug: `linen-${n}`,
    hs_code: n === 2 ? '0000' : '6109',
    sizes: [{ primary_identifier: `L${n}`, size: 'M', price: 10, price_effective: 9 }],
  }))
  const ack = await write(seller, 'create', products)
  seller.advance(1)
  expect(await statusOf(seller, ack)).toMatchObject({ stage: 'RUNNING', meta: { succeed: 2 } })
  seller.advance(1)
  expect(await statusOf(seller, ack)).toMatchObject({
    status: 'completed',
    stage: 'PARTIAL',
    success: 4,
    failed: 0,
    meta: {
      stage: 'partial',
      succeed: 3,
      failed: 1,
      failed_records: [{ identifier: 'LINEN2', message: 'Invalid HS code' }],
    },
  })
})

test('what breaks the schema is refused at intake, the rest goes on', async () => {
  const seller = createRehearsal()
  const ack = await write(seller, 'create', [
    linen,
    { ...linen, item_code: 'X', slug: 'Not A Slug' },
  ])
  expect(ack).toMatchObject({ total: 2, success: 1, failed: 1, status: 'PARTIAL_SUCCESS' })
  expect(ack.errors.X?.[0]).toContain('slug must match pattern')
  const none = await write(seller, 'create', [{ ...linen, is_dependent: 'Yes' }])
  expect(none).toMatchObject({ success: 0, failed: 1, status: 'FAILED', stage: 'FAILED' })
  expect(await statusOf(seller, none)).toMatchObject({ status: 'failed', failed: 1 })
})

test.each([
  ['no products', { template: 'tops' }],
  ['an empty list', { template: 'tops', products: [] }],
  ['no template', { products: [linen] }],
  ['101 products', { template: 'tops', products: Array.from({ length: 101 }, () => linen) }],
  ['products that are no objects', { template: 'tops', products: ['LINEN'] }],
  ['a bare array', [linen]],
])('%s: the whole call is refused', async (_what, body) => {
  const seller = createRehearsal()
  for (const method of Object.values(methods)) {
    expect(await seller.call(method, path, { body })).toMatchObject({
      status: 400,
      body: { status: 'FAILED' },
    })
  }
  expect(seller.things('job')).toEqual([])
})

const ean = { gtin_value: '8911', gtin_type: 'EAN', primary: false }
const teeEan = { ...ean, gtin_value: '8900000000001' }
const inactiveRule = '65a100000000000000000009'

const size = (more: object) => ({ sizes: [{ ...linen.sizes[0], ...more }] })

test.each([
  ['an unknown brand', { brand: 'Nobody' }, 'Invalid brand'],
  ['an unknown category', { category: 't-shirts' }, 'Invalid category'],
  ['a category of another template', { category: 'Mugs' }, 'does not belong to template'],
  ['an unknown department', { departments: ['102', '999'] }, 'Invalid department "999"'],
  ['a department of another category', { departments: ['101'] }, 'not belong to department "101"'],
  ['an unknown tax rule', { tax_identifier: { tax_rule_id: 'x' } }, 'Invalid tax rule'],
  ['an unknown HS code', { hs_code: '9999' }, 'Invalid HS code'],
  ['a missing attribute', { attributes: {} }, '"primary-colour" is mandatory'],
  ['a wrong attribute', { attributes: { 'primary-colour': 'Plaid' } }, 'must be one of'],
  ['a taken item code', { item_code: 'TEE' }, 'item_code must be unique'],
  ['a taken slug', { slug: 'crew-neck-tee' }, 'slug must be unique'],
  ['a taken identifier', size({ primary_identifier: 'TEE-M' }), 'must be unique'],
  ['two sizes of one identifier', { sizes: [linen.sizes[0], linen.sizes[0]] }, 'must be unique'],
  ['a selling price above the price', size({ price_effective: 2000 }), 'must not be above'],
  ['a price of a thousandth', size({ price_effective: 0.001 }), 'at most two decimals'],
  ['an inactive tax rule', { tax_identifier: { tax_rule_id: inactiveRule } }, 'Invalid tax rule'],
  ['a list for a text', { attributes: { 'primary-colour': ['Blue'] } }, 'must be a text'],
  ['a GTIN of another product', size({ identifiers: [teeEan] }), 'gtin_value "8900000000001"'],
  [
    'two sizes of one GTIN',
    { sizes: linen.sizes.map((each) => ({ ...each, identifiers: [ean] })) },
    'gtin_value must be unique',
  ],
  [
    'two sizes of one name',
    { sizes: linen.sizes.map((each) => ({ ...each, size: 'M' })) },
    'size must be unique',
  ],
])('create: %s is found in the job', async (_what, change, message) => {
  const seller = createRehearsal()
  expect(await failure(seller, 'create', { ...linen, ...change })).toContain(message)
  expect(seller.things('product')).toHaveLength(4)
})

test('create: a template that does not exist', async () => {
  expect(await failure(createRehearsal(), 'create', linen, 'nothing')).toContain('Invalid template')
})

test('an update changes what it names and adds sizes', async () => {
  const seller = createRehearsal()
  const ack = await write(seller, 'update', [
    {
      item_code: 'TEE',
      name: 'Better Tee',
      attributes: { 'neck-type': 'V' },
      sizes: [
        { primary_identifier: 'TEE-M', price: 1099 },
        { primary_identifier: 'TEE-XXL', size: 'XXL', price: 1199, price_effective: 599 },
      ],
      is_dependent: 'Yes',
    },
  ])
  expect(ack).toMatchObject({ success: 1, failed: 0 })
  seller.advance(2)
  expect(await statusOf(seller, ack)).toMatchObject({ status: 'completed', meta: { succeed: 1 } })
  const { items } = await seller.get<{ items: Record<string, unknown>[] }>(path)
  const [first] = items
  expect(first).toMatchObject({
    item_code: 'TEE',
    name: 'Better Tee',
    hs_code: '6109',
    is_dependent: true,
    attributes: { 'primary-colour': 'Blue', 'neck-type': 'V' },
    modified_on: '2026-01-05T04:30:02.000000000Z',
  })
  expect(first?.sizes).toHaveLength(5)
  expect(first?.sizes).toContainEqual(expect.objectContaining({ size: 'M', price: 1099 }))
})

test('without item code and slug the product is found by one of its sizes', async () => {
  const seller = createRehearsal()
  const sizes = [{ primary_identifier: 'TEE-M' }]
  await write(seller, 'update', [{ name: 'By Size', sizes }])
  seller.advance(2)
  expect(seller.things<{ name: string }>('product')[0]?.name).toBe('By Size')
})

test.each([
  ['slug', { item_code: 'TEE', slug: 'other' }],
  ['brand', { item_code: 'TEE', brand: 'Paper Kite' }],
  ['brand_uid', { item_code: 'TEE', brand_uid: '78' }],
  ['item_code', { slug: 'crew-neck-tee', item_code: 'SHOE' }],
  [
    'primary_identifier',
    {
      item_code: 'TEE',
      sizes: [{ primary_identifier: 'TEE-MM', size: 'M', price: 1, price_effective: 1 }],
    },
  ],
  [
    'gtin_value',
    {
      item_code: 'TEE',
      sizes: [
        {
          primary_identifier: 'TEE-M',
          identifiers: [{ gtin_value: 'NEW', gtin_type: 'SKU', primary: true }],
        },
      ],
    },
  ],
])('update: %s is immutable', async (_field, product) => {
  const seller = createRehearsal()
  const words = await failure(seller, 'update', { name: 'x', ...product })
  expect(words).toContain('is immutable')
  expect(seller.things<{ name: string }>('product')[0]?.name).toBe('Crew Neck Tee')
})

test.each([
  ['a category of another template', { category: 'Mugs' }, 'does not belong to template "tops"'],
  ['a department of another category', { departments: ['101'] }, 'not belong to department "101"'],
  ['an unknown department', { departments: ['999'] }, 'Invalid department "999"'],
])('update: %s is found in the job', async (_what, change, message) => {
  const seller = createRehearsal()
  const words = await failure(seller, 'update', { item_code: 'TEE', name: 'x', ...change })
  expect(words).toContain(message)
  expect(seller.things<{ name: string }>('product')[0]?.name).toBe('Crew Neck Tee')
})

test('update: another category of the same template is taken, with its departments', async () => {
  const seller = createRehearsal()
  const change = { item_code: 'TEE', category: 'Formal Shirts', departments: ['103'] }
  const ack = await write(seller, 'update', [change])
  seller.advance(2)
  expect(await statusOf(seller, ack)).toMatchObject({ status: 'completed' })
  const { items } = await seller.get<{ items: object[] }>(`${path}?item_code=TEE`)
  expect(items).toMatchObject([{ category: 'Formal Shirts', departments: ['103'] }])
})

test('update: template is immutable, and an unknown product is not found', async () => {
  const seller = createRehearsal()
  expect(await failure(seller, 'update', { item_code: 'TEE' }, 'shoes')).toContain('template')
  expect(await failure(seller, 'update', { item_code: 'NONE' })).toBe('Product not found')
})

test('a size is deleted, then the product; running orders keep their pieces', async () => {
  const seller = createRehearsal()
  const order = seller.place()
  const ack = await write(seller, 'delete', [{ ...tee, sizes: [{ primary_identifier: 'TEE-M' }] }])
  expect(ack.trace_id).toMatch(/^[0-9a-f]{16}-1767587400000$/)
  seller.advance(2)
  expect(seller.things<{ sizes: string[] }>('product')[0]?.sizes).toEqual([
    'TEE-S',
    'TEE-L',
    'TEE-XL',
  ])
  expect(seller.stock('TEE-M')).toMatchObject({ sellable: 0, committed: 1, adjusted: -9 })
  const gone = await seller.call<{ data: { errors: { code: string }[] } }>(
    'PUT',
    '/ims/v3/inventory',
    { body: [{ location_id: 'BLR-01', sku: 'TEE-M', quantity: 1 }] },
  )
  expect(gone.body.data.errors).toMatchObject([{ code: 'I422' }])
  seller.act('konnect.order.cancel-by-customer', { order_id: order.order_id })
  expect(seller.stock('TEE-M')).toMatchObject({ sellable: 1, committed: 0 })
  await write(seller, 'delete', [tee])
  seller.advance(2)
  expect(seller.things('product')).toHaveLength(3)
  const count = await seller.get<{ data: object }>('/ims/v3/listings/count')
  expect(count.data).toEqual({ listing_count: 4 })
  expect(seller.world.judge().breaches).toEqual([])
})

test('what was deleted can be created again, with new prices', async () => {
  const seller = createRehearsal()
  await write(seller, 'delete', [tee])
  seller.advance(2)
  const again = { ...linen, ...tee, sizes: [{ ...linen.sizes[0], primary_identifier: 'TEE-M' }] }
  await write(seller, 'create', [again])
  seller.advance(2)
  const { data } = await seller.get<{ data: object[] }>('/ims/v3/listings?skus=TEE-M')
  expect(data[0]).toMatchObject({ item_code: 'TEE', mrp: 1299, quantity: 0 })
  expect(seller.world.judge().breaches).toEqual([])
})

const update = async (seller: Rehearsal, sizes: object[], more: object = {}) => {
  await write(seller, 'update', [{ item_code: 'TEE', ...more, sizes }])
  seller.advance(2)
}

test('a changed size is what listings and orders know from then on', async () => {
  const seller = createRehearsal()
  const price = { location_id: 'DEL-01', sku: 'TEE-M', esp: 450, mrp: 900, currency: 'INR' }
  await seller.call('PUT', '/ims/v3/price', { body: [price] })
  await update(seller, [
    {
      primary_identifier: 'TEE-M',
      size: 'Medium',
      price: 1099,
      price_effective: 599,
      identifiers: [{ gtin_value: 'TEE-M', gtin_type: 'SKU', primary: true }, ean],
    },
  ])
  const { data } = await seller.get<{ data: object[] }>('/ims/v3/listings?skus=8911')
  expect(data).toMatchObject([
    { sku: 'TEE-M', size: 'Medium', location_id: 'BLR-01', mrp: 1099, esp: 599 },
    // A location's own price stays.
    { sku: 'TEE-M', size: 'Medium', location_id: 'DEL-01', mrp: 900, esp: 450 },
    { sku: 'TEE-M', size: 'Medium', location_id: 'BOM-01', mrp: 1099, esp: 599 },
  ])
  const paid = (location: string) => seller.order(seller.place({ location }).order_id).orderPrice
  expect(paid('BLR-01')).toMatchObject({ amountPaid: 599, mrpTotal: 1099 })
  expect(paid('DEL-01')).toMatchObject({ amountPaid: 450, mrpTotal: 900 })
  // The old EAN was not sent again, and is free.
  expect(
    (await seller.get<{ data: object[] }>('/ims/v3/listings?skus=8900000000001')).data,
  ).toEqual([])
})

test.each([
  [
    'a GTIN of another product',
    { primary_identifier: 'TEE-M', identifiers: [{ ...ean, gtin_value: 'MUG-1' }] },
    'gtin_value "MUG-1" must be unique',
  ],
  [
    'the name of another size',
    { primary_identifier: 'TEE-M', size: 'L' },
    'size "L" must be unique',
  ],
  [
    'a selling price above the price that stays',
    { primary_identifier: 'TEE-M', price_effective: 1000 },
    'must not be above',
  ],
])('update: %s is found in the job', async (_what, change, message) => {
  const seller = createRehearsal()
  expect(await failure(seller, 'update', { item_code: 'TEE', sizes: [change] })).toContain(message)
})

test('deleting a product does not touch the GTIN of another one', async () => {
  const seller = createRehearsal()
  await failure(seller, 'create', { ...linen, ...size({ identifiers: [teeEan] }) })
  await write(seller, 'delete', [{ slug: 'linen-tee', brand: 'Northbound', item_code: 'LINEN' }])
  seller.advance(2)
  const { data } = await seller.get<{ data: object[] }>('/ims/v3/listings?skus=8900000000001')
  expect(data).toHaveLength(3)
})

test.each([
  [
    'a trader without a type',
    { trader: [{ name: 'Nobody' }] },
    "trader/0 must have required property 'type'",
  ],
  [
    'a tax identifier without a rule',
    { tax_identifier: {} },
    "tax_identifier must have required property 'tax_rule_id'",
  ],
  [
    'the last of many sizes',
    {
      sizes: [
        ...Array.from({ length: 12 }, () => ({ primary_identifier: 'TEE-M' })),
        { size: 'S' },
      ],
    },
    "sizes/12 must have required property 'primary_identifier'",
  ],
])('a selective update with %s is refused at intake', async (_what, change, words) => {
  const seller = createRehearsal()
  const ack = await write(seller, 'update', [{ item_code: 'TEE', ...change }])
  expect(ack).toMatchObject({ success: 0, failed: 1 })
  expect(ack.errors.TEE?.join()).toContain(words)
})

test('a size that is made anew has none of the pieces that came back meanwhile', async () => {
  const seller = createRehearsal()
  const order = seller.place()
  await write(seller, 'delete', [tee])
  seller.advance(2)
  seller.act('konnect.order.cancel-by-customer', { order_id: order.order_id })
  const again = { ...linen, ...tee, sizes: [{ ...linen.sizes[0], primary_identifier: 'TEE-M' }] }
  await write(seller, 'create', [again])
  seller.advance(2)
  const { data } = await seller.get<{ data: object[] }>('/ims/v3/listings?skus=TEE-M')
  expect(data).toMatchObject([{ quantity: 0 }, { quantity: 0 }, { quantity: 0 }])
  expect(seller.world.judge().breaches).toEqual([])
})

test('a deletion with an empty list of sizes deletes nothing', async () => {
  const seller = createRehearsal()
  expect(await failure(seller, 'delete', { ...tee, sizes: [] })).toContain('must name a size')
  expect(seller.things('product')).toHaveLength(4)
})

test('two products of one item code: the second fails, in the job or at intake', async () => {
  const twin = {
    ...linen,
    slug: 'twin',
    sizes: [{ ...linen.sizes[0], primary_identifier: 'TWIN' }],
  }
  const late = createRehearsal()
  const ack = await write(late, 'create', [linen, twin])
  late.advance(2)
  expect((await statusOf(late, ack)).meta).toMatchObject({ succeed: 1, failed: 1 })
  const early = createRehearsal({ product_checks: 'intake' })
  expect(await write(early, 'create', [linen, twin])).toMatchObject({
    success: 1,
    failed: 1,
    errors: { LINEN: ['item_code must be unique'] },
  })
  const bad = { ...linen, hs_code: '1' }
  const both = await write(early, 'create', [bad, { ...bad, brand: 'Nobody' }])
  expect(both.failed).toBe(2)
  expect(both.errors.LINEN).toEqual(
    expect.arrayContaining(['Invalid HS code', 'Invalid brand "Nobody"']),
  )
})

test('delete: what does not fit is found', async () => {
  const seller = createRehearsal()
  expect(await failure(seller, 'delete', { ...tee, slug: 'x' })).toContain('slug is immutable')
  const sizes = [{ primary_identifier: 'SHOE-9' }]
  expect(await failure(seller, 'delete', { ...tee, sizes })).toContain('has no size "SHOE-9"')
  const ack = await write(seller, 'delete', [{ item_code: 'TEE', brand: 'Northbound' }])
  expect(ack.errors.TEE).toEqual(["must have required property 'slug'"])
})

test('an unknown trace id is not found', async () => {
  const reply = await createRehearsal().call('GET', '/v3/catalog/status?trace_id=none')
  expect([reply.status, reply.body.status]).toEqual([404, 'FAILED'])
})

test('switches: how long, when checks are made, which word, which fields, which ids', async () => {
  const seller = createRehearsal({ catalog_seconds: 60, product_checks: 'intake' })
  const wrong = await write(seller, 'create', [{ ...linen, hs_code: '1' }])
  expect(wrong).toMatchObject({ success: 0, failed: 1, errors: { LINEN: ['Invalid HS code'] } })
  const ack = await write(seller, 'create', [linen])
  seller.advance(59)
  expect((await statusOf(seller, ack)).status).toBe('pending')
  seller.world.setAssumptions('konnect', { product_status: 'guide' })
  expect((await statusOf(seller, ack)).status).toBe('SUCCESS')
  seller.world.setAssumptions('konnect', { product_write: 'strict' })
  expect((await write(seller, 'update', [{ item_code: 'TEE' }])).failed).toBe(1)
  expect((await write(seller, 'delete', [tee])).errors.TEE).toHaveLength(2)
  const forms = async (form: string) => {
    seller.world.setAssumptions('konnect', { trace_ids: form })
    const acks = []
    for (let n = 0; n < 12; n += 1) acks.push(await write(seller, 'create', [{}]))
    return new Set(acks.map(({ trace_id }) => (/-\d{13}$/.test(trace_id) ? 'long' : 'uuid')))
  }
  expect(await forms('by_operation')).toEqual(new Set(['uuid']))
  expect(await forms('uuid')).toEqual(new Set(['uuid']))
  expect(await forms('timestamped')).toEqual(new Set(['long']))
  expect((await forms('mixed')).size).toBe(2)
})

test('stock of a deleted product is refused, also where it was written before', async () => {
  const seller = createRehearsal()
  const put = async (location_id: string) => {
    const body = [{ location_id, sku: 'TEE-M', quantity: 4 }]
    const answer = await seller.call<{ data: object }>('PUT', '/ims/v3/inventory', { body })
    return answer.body.data
  }
  expect(await put('BLR-01')).toMatchObject({ success_count: 1 })
  await write(seller, 'delete', [tee])
  seller.advance(2)
  for (const location of ['BLR-01', 'DEL-01']) {
    expect(await put(location)).toMatchObject({ errors: [{ sku: 'TEE-M', code: 'I422' }] })
  }
})
