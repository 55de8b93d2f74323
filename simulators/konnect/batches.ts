import type { BatchShape } from '../core/batch-shape.ts'
import { batchStatus } from './operations/envelopes.ts'
import { refusal } from './refusal-of-product.ts'

type Fields = Record<string, unknown>

const fields = (value: unknown): Fields => Object(value) as Fields
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const message = 'The record could not be processed'

const body = { body: '' }

/** E1, of rows of stock and of orders (facts/konnect.md 2.0). */
const snakeCase: BatchShape = {
  records: body,
  fail: (answer, failed, code) => {
    const { data, meta } = fields(answer.json)
    const { payload_count, success_count, failed_count, errors } = fields(data)
    const total = Number(payload_count) + failed.length
    const failedCount = Number(failed_count) + failed.length
    const more = failed.map((record) => ({ ...nameOf(record), code, message }))
    return {
      ...answer,
      json: {
        data: {
          payload_count: total,
          success_count,
          failed_count: failedCount,
          errors: [...listOf(errors), ...more],
        },
        meta: { ...fields(meta), status: batchStatus(total, failedCount) },
      },
    }
  },
}

/** E5. */
const camelCase: BatchShape = {
  records: body,
  fail: (answer, failed, code) => {
    const { payloadCount, failedCount, errors, ...rest } = fields(answer.json)
    const total = Number(payloadCount) + failed.length
    const all = Number(failedCount) + failed.length
    const more = failed.map((record) => ({ ...nameOf(record), code, message }))
    return {
      ...answer,
      json: {
        ...rest,
        payloadCount: total,
        failedCount: all,
        status: batchStatus(total, all),
        errors: [...listOf(errors), ...more],
      },
    }
  },
}

/** E4: a job that is asked about later, so the intake itself refuses. No HS code has these digits, so the job fails on such a product. */
const productJob: BatchShape = {
  records: { body: 'products' },
  refuse: (record, code) => ({ ...fields(record), [refusal]: `${code}: ${message}` }),
}
const failingLater = {
  ...productJob,
  spoil: (record: unknown) => ({ ...fields(record), hs_code: '0000' }),
}

const catalogPage: BatchShape = { page: { number: 'page_number' } }

/** What batch faults must know of Konnect: three envelopes, three ways to count pages (facts/konnect.md 0.3, 2.0). */
export const batches: Readonly<Record<string, BatchShape>> = {
  updateInventory: snakeCase,
  updatePrice: snakeCase,
  updateAwb: snakeCase,
  updateShipmentStatus: snakeCase,
  cancelOrder: camelCase,
  confirmOrder: camelCase,
  updateInvoice: camelCase,
  packOrder: camelCase,
  dispatchOrder: camelCase,
  updateReturn: camelCase,
  createProduct: failingLater,
  updateProduct: failingLater,
  deleteProduct: productJob,
  getOrders: { page: { number: 'pageNumber' } },
  fetchListings: { page: { number: 'page_no' } },
  fetchDepartments: catalogPage,
  fetchCategories: catalogPage,
  fetchBrands: catalogPage,
  fetchTemplates: catalogPage,
  fetchHsCodes: catalogPage,
  fetchTaxRules: catalogPage,
  fetchProduct: catalogPage,
}

/** How an error names its record: rows by location and SKU, orders by id. */
function nameOf(record: unknown): Fields {
  const { orderId, location_id, sku } = fields(record)
  if (orderId !== undefined) return { orderId: textOrNull(orderId) }
  return { location_id: textOrNull(location_id), sku: textOrNull(sku) }
}
