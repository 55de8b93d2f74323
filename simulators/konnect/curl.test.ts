import { expect, test } from 'vitest'
import { createRehearsal, type Rehearsal } from './testing/rehearsal.ts'

/** The product of the printed samples, every field filled. */
const product = {
  item_type: 'standard',
  name: 'string',
  slug: 'string',
  departments: ['string'],
  category: 'string',
  brand: 'string',
  item_code: 'string',
  net_quantity: { unit: 'kg', value: 0 },
  country_of_origin: 'string',
  tax_identifier: { tax_rule_id: 'string' },
  no_of_boxes: 0,
  hs_code: 'string',
  media: [{ url: 'http://example.com', type: 'image' }],
  short_description: 'string',
  description: 'string',
  highlights: ['string'],
  sizes: [
    {
      primary_identifier: 'string',
      size: 'string',
      price: 0,
      price_effective: 0,
      item_length: 0,
      item_width: 0,
      item_height: 0,
      item_weight: 0,
      track_inventory: true,
      identifiers: [{ gtin_value: 'string', gtin_type: 'SKU', primary: true }],
    },
  ],
  trader: [{ type: 'Manufacturer', name: 'string', address: ['string'] }],
  attributes: {},
  product_publish: { product_online_date: '2019-08-24T14:15:22Z', is_set: true },
  tags: ['string'],
  return_config: { returnable: 'Yes', time: 0, unit: 'days' },
  custom_order: { is_custom_order: 'Yes', manufacturing_time: 0, manufacturing_time_unit: 'days' },
  is_dependent: true,
}
const { slug: _slug, brand: _brand, item_code: _code, ...update } = product
const [{ primary_identifier, size, identifiers } = { primary_identifier: '' }] = product.sizes
const removal = {
  name: 'string',
  slug: 'string',
  brand: 'string',
  brand_uid: 'string',
  item_code: 'string',
  sizes: [{ primary_identifier, size, identifiers }],
}
const body = (...products: object[]) => ({ products, template: 'string' })

const page = 'page_number=1&page_size=1'

/** The 14 curl examples of the published reference: verbatim but for host and token. */
const examples: [string, string, number, unknown?][] = [
  ['GET', `/v3/catalog/departments?name=string&slug=string&is_active=true&${page}`, 200],
  ['GET', `/v3/catalog/category?slug=string&level=1&department=0&cat3_id=0&${page}`, 200],
  ['GET', `/v3/catalog/company-brand?brand_name=string&${page}`, 200],
  ['GET', `/v3/catalog/product/template?department=string&${page}`, 200],
  ['GET', '/v3/catalog/product-attributes?category=string', 200],
  ['GET', `/v3/catalog/taxes/hscodes?search=string&type=HS&${page}`, 200],
  [
    'GET',
    `/v3/catalog/taxes/rules?status=string&version_status=string&rule_name=string&${page}`,
    200,
  ],
  ['GET', '/ims/v3/listings?page_no=string&page_size=string&skus=string', 200],
  ['GET', '/ims/v3/listings/count', 200],
  [
    'GET',
    `/v3/catalog/product?name=string&slug=string&item_code=string&sort_on=modified_on&${page}`,
    200,
  ],
  ['POST', '/v3/catalog/product', 200, body(product)],
  ['PUT', '/v3/catalog/product', 200, body({ ...update, is_dependent: 'Yes' })],
  ['DELETE', '/v3/catalog/product', 200, body(removal)],
  ['GET', '/v3/catalog/status?trace_id=string', 404],
]

test.each(examples)('%s %s answers %i, whatever stands for a value', async (...example) => {
  const [method, path, status, sent] = example
  for (const word of ['string', 'zzz']) {
    const seller = createRehearsal()
    const filled = JSON.stringify(sent)?.replaceAll('"string"', `"${word}"`)
    const reply = await seller.call(method, path.replaceAll('=string', `=${word}`), {
      ...(filled !== undefined && { body: filled }),
      headers: { 'x-batch-product': 'TRUE' },
    })
    expect(reply.status, JSON.stringify(reply.body)).toBe(status)
    if (sent) {
      expect(reply.body).toMatchObject({ total: 1, success: 1, failed: 0, stage: 'RUNNING' })
    }
    seller.advance(10)
    expect(seller.world.counts().bugs).toBe(0)
  }
})

test('there are fourteen', () => expect(examples).toHaveLength(14))

type Item = Record<string, unknown>

/** First items of the read calls: what the words of the examples stand for. */
async function readValues(seller: Rehearsal) {
  const first = async (path: string): Promise<Item> => {
    const { items, data } = await seller.get<{ items?: Item[]; data?: Item[] }>(path)
    const [item] = items ?? data ?? []
    if (!item) throw new Error(`${path} lists nothing`)
    return item
  }
  const category = await first('/v3/catalog/category?slug=t-shirts')
  const [departmentUid] = category.departments as number[]
  const named = `/v3/catalog/product-attributes?category=${category.name}`
  const { items } = await seller.get<{ items: { slug: string; schema: Item }[] }>(named)
  const mandatory = items.filter(({ schema }) => schema.mandatory)
  return {
    department: await first('/v3/catalog/departments?slug=mens-clothing'),
    departmentUid,
    category,
    brand: await first('/v3/catalog/company-brand'),
    template: await first('/v3/catalog/product/template?department=mens-clothing'),
    hs: await first('/v3/catalog/taxes/hscodes?type=HS'),
    rule: (await first('/v3/catalog/taxes/rules')) as { rule: Item; versions: Item[] },
    listing: await first('/ims/v3/listings'),
    product: await first('/v3/catalog/product'),
    attributes: Object.fromEntries(
      mandatory.map(({ slug, schema }) => [slug, (schema.allowed_values as unknown[])[0]]),
    ),
  }
}

test('with values that the read calls give every read example finds what it names', async () => {
  const seller = createRehearsal()
  const { department, departmentUid, category, brand, template, hs, rule, listing, product } =
    await readValues(seller)
  const filled: Record<string, object> = {
    departments: { name: department.name, slug: department.slug, is_active: true },
    category: { slug: category.slug, level: 3, department: departmentUid, cat3_id: category.uid },
    'company-brand': { brand_name: brand.name },
    'product/template': { department: department.slug },
    'taxes/hscodes': { search: hs.hs_code, type: 'HS' },
    'taxes/rules': {
      status: rule.rule.status,
      version_status: rule.versions[0]?.version_status,
      rule_name: rule.rule.name,
    },
    product: {
      name: product.name,
      slug: product.slug,
      item_code: product.item_code,
      sort_on: 'modified_on',
    },
  }
  const found = {
    departments: department,
    category,
    'company-brand': brand,
    'product/template': template,
    product,
  }
  for (const [path, filters] of Object.entries(filled)) {
    const query = new URLSearchParams({ ...filters, page_number: '1', page_size: '1' })
    const reply = await seller.call<{ items: Item[] }>('GET', `/v3/catalog/${path}?${query}`)
    expect([path, reply.status]).toEqual([path, 200])
    expect(reply.body, path).toMatchObject({ page_number: 1, page_size: 1, total: 1 })
    expect(reply.body.items).toHaveLength(1)
    const wanted = found[path as keyof typeof found]
    if (wanted) expect(reply.body.items, path).toEqual([wanted])
  }
  const attributes = `/v3/catalog/product-attributes?category=${category.name}`
  expect((await seller.get<{ items: Item[] }>(attributes)).items.length).toBeGreaterThan(0)
  const listings = `/ims/v3/listings?page_no=1&page_size=500&skus=${listing.sku}`
  expect((await seller.get<{ data: Item[] }>(listings)).data).toContainEqual(listing)
  const counted = await seller.call<{ data: Item }>('GET', '/ims/v3/listings/count', {
    headers: { 'x-batch-product': 'TRUE' },
  })
  expect(counted.body).toMatchObject({ data: { listing_count: 1 }, meta: { status: 'SUCCESS' } })
})

test('with values that the read calls give a product is created, changed and deleted', async () => {
  const seller = createRehearsal()
  const { departmentUid, category, brand, template, hs, rule, attributes } =
    await readValues(seller)
  const identity = { slug: 'string', brand: brand.name, item_code: 'string' }
  const known = {
    departments: [String(departmentUid)],
    category: category.name,
    hs_code: hs.hs_code,
    tax_identifier: { tax_rule_id: rule.rule._id },
    attributes,
  }
  const steps: [string, object][] = [
    ['POST', { ...product, ...known, ...identity }],
    ['PUT', { ...update, ...known, is_dependent: 'Yes', name: 'New name' }],
    ['DELETE', { ...removal, ...identity, brand_uid: String(brand.uid) }],
  ]
  const names: unknown[] = []
  for (const [method, sent] of steps) {
    const { status, body: ack } = await seller.call(method, '/v3/catalog/product', {
      body: { products: [sent], template: template.slug },
    })
    expect([method, status]).toEqual([method, 200])
    expect(ack).toMatchObject({ total: 1, success: 1, failed: 0, status: 'SUCCESS', errors: {} })
    seller.advance(10)
    const job = await seller.get(`/v3/catalog/status?trace_id=${ack.trace_id}`)
    expect(job, method).toMatchObject({
      trace_id: ack.trace_id,
      status: 'completed',
      stage: 'COMPLETED',
      total: 1,
      meta: { failed: 0, succeed: 1 },
    })
    const { items } = await seller.get<{ items: Item[] }>('/v3/catalog/product?item_code=string')
    names.push(...items.map(({ name }) => name))
  }
  expect(names).toEqual(['string', 'New name'])
})
