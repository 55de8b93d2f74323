import { expect, test } from 'vitest'
import { openTestSeller, type TestSeller } from '../testing/seller.ts'
import { readOutcome } from './product-jobs.ts'

const write = '/v3/catalog/product'

const product = (code: string, more: object = {}) => ({
  item_code: code,
  name: code,
  slug: code.toLowerCase(),
  departments: ['101'],
  category: 'T-Shirts',
  brand: 'Acme',
  country_of_origin: 'India',
  tax_identifier: { tax_rule_id: 'tax-5' },
  hs_code: '6249',
  sizes: [{ primary_identifier: `${code}-M`, size: 'M', price: 499, price_effective: 399 }],
  trader: [{ type: 'Seller', name: 'Acme', address: ['1 Example Street'] }],
  attributes: { fabric: 'cotton' },
  is_dependent: true,
  ...more,
})

const create = (t: TestSeller, ...products: object[]) =>
  t.post('/seller/products', { template: 'tee', products })

test('reads valid values through all their pages', async () => {
  const t = openTestSeller()
  const { body } = await t.get('/seller/reference-data?category=T-Shirts')
  expect(body.hs_codes).toHaveLength(250)
  expect(body).toMatchObject({
    departments: [{ uid: '101', slug: 'apparel' }],
    categories: [{ uid: '3', name: 'T-Shirts' }],
    brands: [{ uid: '77', name: 'Acme' }],
    templates: [{ slug: 'tee' }],
    tax_rules: [{ id: 'tax-5' }],
    attributes: [
      { slug: 'fabric', is_mandatory: true, allowed_values: ['cotton'] },
      { slug: 'fit', is_mandatory: false },
    ],
  })
})

test('a list of valid values that lost a page is read again, and is an error when it stays short', async () => {
  const t = openTestSeller()
  const brands = 'GET /v3/catalog/company-brand'
  const item = { uid: 77, name: 'Acme' }
  const page = (items: object[]) => ({ status: 200, json: { items, total: 1 } })
  let lost = 1
  t.stub.override(brands, () => page(lost-- > 0 ? [] : [item]))
  expect((await create(t, product('FIRST'))).body.refused_here).toEqual([])
  expect(t.stub.calls(brands)).toHaveLength(2)
  t.stub.override(brands, () => page([]))
  const { status, body } = await create(t, product('SECOND'))
  expect([status >= 500, body.refused_here]).toEqual([true, undefined])
  expect(t.stub.calls(`POST ${write}`)).toHaveLength(1)
})

test('a product with values that Konnect does not know is named and not sent; the others go', async () => {
  const t = openTestSeller()
  const { body } = await create(
    t,
    product('GOOD'),
    product('BAD', { brand: 'Nobody', hs_code: '1', attributes: { fabric: 'paper' } }),
    product('BARE', { attributes: {} }),
  )
  const fields = body.refused_here.map(
    (refused: { item_code: string; problems: { field: string }[] }) => [
      refused.item_code,
      refused.problems.map((problem) => problem.field),
    ],
  )
  expect(fields).toEqual([
    ['BAD', ['brand', 'hs_code', 'attributes.fabric']],
    ['BARE', ['attributes.fabric']],
  ])
  const sent = t.stub.calls(`POST ${write}`).map((call) => call.body) as { products: object[] }[]
  expect(sent[0]?.products).toMatchObject([{ item_code: 'GOOD', is_dependent: true }])
  const none = await create(t, product('BAD', { brand: 'Nobody' }))
  expect([none.status, none.body.error.code]).toEqual([400, 'invalid-values'])
})

test('intake and processing are two results, and a job is asked for to its end', async () => {
  const t = openTestSeller()
  t.stub.state.catalogue.refused.set('SECOND', 'Invalid HS code')
  const { body } = await create(t, product('FIRST'), product('SECOND'))
  expect(body.job).toMatchObject({
    state: 'pending',
    intake: { total: 2, success: 2, failed: 0 },
    processing: null,
  })
  expect((await t.job('catalogue-poll')).body).toMatchObject({ asked: 1, ended: 0, pending: 1 })
  for (const job of t.stub.state.jobs.values()) job.isOver = true
  expect((await t.job('catalogue-poll')).body).toMatchObject({ asked: 1, ended: 1, pending: 0 })
  expect((await t.get(`/seller/product-jobs/${body.job.id}`)).body).toMatchObject({
    state: 'partial',
    item_codes: ['FIRST', 'SECOND'],
    processing: { succeed: 1, failed: 1, failed_records: [{ identifier: 'SECOND' }] },
  })
  expect((await t.job('catalogue-poll')).body).toMatchObject({ asked: 0 })
})

test('a flag is a boolean in a new product and a word in a changed one', async () => {
  const t = openTestSeller()
  await t.put('/seller/products', { template: 'tee', products: [product('FIRST')] })
  expect(t.stub.calls(`PUT ${write}`)[0]?.body).toMatchObject({
    products: [{ is_dependent: 'Yes' }],
  })
  // An update names what changes, and need not repeat what is mandatory.
  const { attributes: _, is_dependent: __, ...rest } = product('FIRST')
  const selective = await t.put('/seller/products', { template: 'tee', products: [rest] })
  expect(selective.body.refused_here).toEqual([])
})

test('a deletion carries a body with the ids that the seller did not know, and a trace of the other format', async () => {
  const t = openTestSeller()
  await create(t, product('FIRST'))
  const sizes = [{ primary_identifier: 'FIRST-M', size: 'M' }]
  const one = { item_code: 'FIRST', slug: 'first', brand: 'Acme', sizes }
  const { body } = await t.call('DELETE', '/seller/products', { template: 'tee', products: [one] })
  expect(body.job).toMatchObject({
    operation: 'delete',
    trace_id: '0a1b2c3d4e5f6072-1768460000000',
  })
  expect(t.stub.calls(`DELETE ${write}`)[0]?.body).toEqual({
    template: 'tee',
    products: [{ ...one, name: 'FIRST', brand_uid: '77' }],
  })
})

test('a create whose answer was lost ends well, although the repetition finds the product there', async () => {
  const t = openTestSeller()
  t.stub.plan(`POST ${write}`, 'answer-lost')
  const { body } = await create(t, product('FIRST'))
  expect(t.stub.calls(`POST ${write}`)).toHaveLength(2)
  for (const job of t.stub.state.jobs.values()) job.isOver = true
  await t.job('catalogue-poll')
  expect((await t.get(`/seller/product-jobs/${body.job.id}`)).body).toMatchObject({
    state: 'completed',
    last_error: null,
  })
})

test.each([
  ['never looked at', { total: 1, success: 1, failed: 0, errors: {} }],
  ['refused at the intake', { total: 2, success: 1, failed: 1, errors: { SECOND: ['No'] } }],
])('a product that was %s is named, although its job is completed', async (_what, counts) => {
  const t = openTestSeller()
  const json = { trace_id: 'trace-1', status: 'SUCCESS', stage: 'RUNNING', ...counts }
  t.stub.override(`POST ${write}`, () => ({ status: 200, json }))
  const job = { operation: 'create', products: [product('FIRST')], isOver: true }
  t.stub.state.jobs.set('trace-1', { ...job, failures: new Map() })
  t.stub.state.catalogue.products.set('FIRST', product('FIRST'))
  const { body } = await create(t, product('FIRST'), product('SECOND'))
  await t.job('catalogue-poll')
  expect((await t.get(`/seller/product-jobs/${body.job.id}`)).body).toMatchObject({
    state: 'partial',
    last_error: 'Konnect does not have SECOND.',
  })
})

test('a trace that Konnect does not know is lost, and a refused intake is said', async () => {
  const t = openTestSeller()
  await create(t, product('FIRST'))
  t.stub.state.jobs.clear()
  await t.job('catalogue-poll')
  t.stub.override(`POST ${write}`, () => ({ status: 400, json: { message: 'No template' } }))
  expect((await create(t, product('SECOND'))).status).toBe(409)
  const { jobs } = (await t.get('/seller/product-jobs')).body
  expect(jobs.map((job: { state: string }) => job.state)).toEqual(['lost', 'refused'])
})

test('both documented shapes of a job’s status are understood', () => {
  const read = (status: object) => readOutcome({ trace_id: 't', status: '', errors: {}, ...status })
  expect(read({ status: 'pending', stage: 'RUNNING' })).toBeUndefined()
  // The guide: SUCCESS is the intake, the stage tells.
  expect(read({ status: 'SUCCESS', stage: 'RUNNING', meta: { stage: 'running' } })).toBeUndefined()
  const guide = { status: 'SUCCESS', stage: 'COMPLETED', success: 2, failed: 0 }
  expect(read({ ...guide, meta: { stage: 'completed', succeed: 2, failed: 0 } })?.state).toBe(
    'completed',
  )
  expect(read({ ...guide, meta: { stage: 'partial', succeed: 1, failed: 1 } })?.state).toBe(
    'partial',
  )
  // The reference: completed, and only the counts tell of the rest.
  expect(read({ status: 'completed', stage: 'COMPLETED', success: 2, failed: 0 })?.state).toBe(
    'completed',
  )
  expect(read({ status: 'completed', stage: 'COMPLETED', success: 1, failed: 1 })?.state).toBe(
    'partial',
  )
  expect(read({ status: 'failed', stage: 'FAILED', success: 0, failed: 0 })?.state).toBe('failed')
})
