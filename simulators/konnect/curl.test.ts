import { expect, test } from 'vitest'
import { createRehearsal } from './testing/rehearsal.ts'

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
