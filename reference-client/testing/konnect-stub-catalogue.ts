import type { KonnectCall, KonnectState, StubAnswer } from './konnect-stub.ts'

export type StubProductJob = {
  operation: string
  products: Record<string, unknown>[]
  isOver: boolean
  /** Item codes that fail only while they are processed, with the reason. */
  failures: Map<string, string>
}

export type StubCatalogue = {
  lists: Record<string, object[]>
  attributes: Record<string, object[]>
  products: Map<string, Record<string, unknown>>
  /** Fails the processing of these item codes. */
  refused: Map<string, string>
}

export function createStubCatalogue(): StubCatalogue {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      id: `hs-${index}`,
      hs_code: String(6_000 + index),
      type: 'HS',
      description: 'Goods',
    }))
  return {
    lists: {
      '/v3/catalog/departments': [{ id: 101, uid: 101, name: 'Apparel', slug: 'apparel' }],
      '/v3/catalog/category': [
        { uid: 1, name: 'Clothing', slug: 'clothing', level: 1 },
        { uid: 3, name: 'T-Shirts', slug: 't-shirts', level: 3 },
      ],
      '/v3/catalog/company-brand': [{ uid: 77, name: 'Acme', slug: 'acme' }],
      '/v3/catalog/product/template': [
        { slug: 'tee', name: 'Tee', departments: ['apparel'], categories: ['T-Shirts'] },
      ],
      '/v3/catalog/taxes/hscodes': many(250),
      '/v3/catalog/taxes/rules': [{ rule: { _id: 'tax-5', name: 'GST 5', status: 'ACTIVE' } }],
    },
    attributes: {
      'T-Shirts': [
        { slug: 'fabric', name: 'Fabric', schema: { mandatory: true, allowed_values: ['cotton'] } },
        { slug: 'fit', name: 'Fit', schema: { mandatory: false, allowed_values: [] } },
      ],
    },
    products: new Map(),
    refused: new Map(),
  }
}

export function answerCatalogue(state: KonnectState, call: KonnectCall): StubAnswer {
  const { catalogue } = state
  if (call.path === '/v3/catalog/status') return productStatus(state, call)
  if (call.path === '/v3/catalog/product-attributes') {
    const items = catalogue.attributes[call.query.get('category') ?? ''] ?? []
    return { status: 200, json: { items } }
  }
  if (call.path === '/v3/catalog/product' && call.method !== 'GET') return startJob(state, call)
  const codes = call.query.get('item_code')?.split(',')
  const all =
    call.path === '/v3/catalog/product'
      ? [...catalogue.products.values()].filter(
          (product) => codes === undefined || codes.includes(String(product.item_code)),
        )
      : (catalogue.lists[call.path] ?? [])
  const level = call.query.get('level')
  const found = all.filter(
    (item) => level === null || ('level' in item && String(item.level) === level),
  )
  const size = Number(call.query.get('page_size') ?? 10)
  const page = Number(call.query.get('page_number') ?? 1)
  const items = found.slice((page - 1) * size, page * size)
  return { status: 200, json: { items, page_number: page, page_size: size, total: found.length } }
}

function startJob(state: KonnectState, call: KonnectCall): StubAnswer {
  const { products } = call.body as { products: Record<string, unknown>[] }
  const operation = { POST: 'create', PUT: 'update' }[call.method] ?? 'delete'
  const number = state.jobs.size + 1
  // Two formats of one thing (konnect.md 2.12): nobody may read anything into it.
  const traceId =
    operation === 'delete'
      ? `0a1b2c3d4e5f607${number}-1768460000000`
      : `0f0e0d0c-0000-4000-8000-00000000000${number}`
  const failures = new Map(state.catalogue.refused)
  for (const product of products) {
    const code = String(product.item_code)
    if (operation === 'create' && state.catalogue.products.has(code)) {
      failures.set(code, 'item_code exists')
    }
    if (operation !== 'delete' && !failures.has(code)) state.catalogue.products.set(code, product)
    if (operation === 'delete') state.catalogue.products.delete(code)
  }
  state.jobs.set(traceId, { operation, products, isOver: false, failures })
  return {
    status: 200,
    json: {
      trace_id: traceId,
      total: products.length,
      success: products.length,
      failed: 0,
      status: 'SUCCESS',
      errors: {},
      stage: 'RUNNING',
      company_id: 4242,
    },
  }
}

function productStatus(state: KonnectState, call: KonnectCall): StubAnswer {
  const traceId = call.query.get('trace_id') ?? ''
  const job = state.jobs.get(traceId)
  if (job === undefined)
    return { status: 404, json: { status: 'FAILED', message: 'Unknown trace' } }
  const total = job.products.length
  const failed = job.products.flatMap((product) => {
    const message = job.failures.get(String(product.item_code))
    return message === undefined ? [] : [{ identifier: product.item_code, message }]
  })
  const intake = { trace_id: traceId, total, success: total, failed: 0, errors: {} }
  if (!job.isOver) return { status: 200, json: { ...intake, status: 'pending', stage: 'RUNNING' } }
  return {
    status: 200,
    json: {
      ...intake,
      status: 'completed',
      stage: failed.length === 0 ? 'COMPLETED' : 'PARTIAL',
      message: 'Product processed successfully',
      meta: {
        stage: failed.length === 0 ? 'completed' : 'partial',
        succeed: total - failed.length,
        failed: failed.length,
        failed_records: failed,
      },
    },
  }
}
