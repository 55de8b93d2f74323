import { ok } from '../../core/answer.ts'
import { defineOperations, type OperationCall } from '../../core/partner.ts'
import { otherNames, type Product } from '../catalogue.ts'
import { refusalOf } from '../refusal-of-product.ts'
import { categoryName } from '../rules/categories.ts'
import { findJob, type Intake, stageOf, startJob } from '../rules/jobs.ts'
import { brandName, products, type SentProduct } from '../rules/product-checks.ts'
import type { Job, KonnectContext, KonnectTypes } from '../state.ts'
import { writeNanoTime } from '../times.ts'
import { batchStatus, catalogPage } from './envelopes.ts'

type Call = OperationCall<KonnectTypes>

/** Products and the jobs that change them: facts/konnect.md 2.11 to 2.15. */
export const productOperations = defineOperations<KonnectTypes>({
  fetchProduct: ({ ctx, query }) => {
    const codes = query.item_code as string[] | undefined
    const wanted = codes && new Set(codes.flatMap((code) => code.split(',')))
    const name = query.name === undefined ? undefined : String(query.name).toLowerCase()
    const all = products(ctx).filter(
      (product) =>
        (wanted === undefined || wanted.has(product.itemCode)) &&
        (query.slug === undefined || product.slug === query.slug) &&
        (name === undefined || String(product.fields.name).toLowerCase().includes(name)),
    )
    const sorted =
      query.sort_on === 'created'
        ? all.sort((a, b) => a.createdMs - b.createdMs || a.uid - b.uid)
        : all.sort((a, b) => b.modifiedMs - a.modifiedMs || b.uid - a.uid)
    return catalogPage(query, sorted, (product) => renderProduct(ctx, product))
  },

  createProduct: (call) => take(call, 'create'),
  updateProduct: (call) => take(call, 'update'),
  deleteProduct: (call) => take(call, 'delete'),

  checkProductStatus: ({ ctx, query }) =>
    ok(renderStatus(ctx, findJob(ctx, String(query.trace_id)))),
})

/** In selective mode what the reference calls required may be left out, but for what names product and sizes (switch `product_write`). */
function take(call: Call, kind: Job['kind']) {
  const { ctx } = call
  const { template, products: sent } = call.body as { template: string; products: SentProduct[] }
  const isSelective = ctx.assumptions.product_write === 'selective'
  const intake = sent.map((product): Intake => {
    const refusal = refusalOf(product)
    if (refusal !== undefined) return { sent: product, problems: [refusal] }
    const whole = kind === 'create' || !isSelective ? product : filledIn(kind, product)
    const issues = call.checkRecord('products', whole) ?? []
    return {
      sent: product,
      problems: issues.map(({ path, message }) => `${path} ${message}`.trim()),
    }
  })
  const job = startJob(ctx, kind, template, intake)
  return ok({
    trace_id: job.traceId,
    total: job.total,
    success: job.accepted,
    failed: job.refusedCount,
    status: batchStatus(job.total, job.refusedCount),
    errors: job.refused,
    stage: stageOf(job),
    company_id: ctx.catalogue.companyId,
  })
}

const sizeStandIn = { size: '-', price: 0, price_effective: 0 }

/** Stands for what a selective write may leave out: of the product and of its sizes. Anything deeper replaces what was, so it is whole. */
const standIns = {
  update: {
    item_type: 'standard',
    name: '-',
    departments: ['0'],
    category: '-',
    country_of_origin: '-',
    tax_identifier: { tax_rule_id: '-' },
    hs_code: '0000',
    sizes: [{ ...sizeStandIn, primary_identifier: '-' }],
  },
  delete: { name: '-', brand_uid: '0' },
}

function filledIn(kind: keyof typeof standIns, product: SentProduct): object {
  const { sizes } = product
  const isObject = (size: unknown) => typeof size === 'object' && size !== null
  return {
    ...standIns[kind],
    ...product,
    ...(Array.isArray(sizes) && {
      sizes: sizes.map((size) => (isObject(size) ? { ...sizeStandIn, ...size } : size)),
    }),
  }
}

/** The union of both documented shapes: intake counts at the top, processing counts in `meta` (facts/konnect.md 2.15). */
function renderStatus(ctx: KonnectContext, job: Job): object {
  const stage = stageOf(job)
  const { status, message } = says[stage]
  const intake = batchStatus(job.total, job.refusedCount)
  return {
    trace_id: job.traceId,
    total: job.total,
    success: job.accepted,
    failed: job.refusedCount,
    status: ctx.assumptions.product_status === 'reference' ? status : intake,
    errors: job.refused,
    stage,
    message,
    batch_id: job.batchId,
    company_id: ctx.catalogue.companyId,
    meta: {
      cancelled: 0,
      cancelled_records: [],
      failed: job.failures.length,
      failed_records: job.failures,
      stage: stage.toLowerCase(),
      succeed: job.succeeded,
    },
    last_updated_on: writeNanoTime(job.updatedMs),
  }
}

const says = {
  RUNNING: { status: 'pending', message: 'Product is being processed' },
  COMPLETED: { status: 'completed', message: 'Product processed successfully' },
  PARTIAL: { status: 'completed', message: 'Product processed successfully' },
  FAILED: { status: 'failed', message: 'Product could not be processed' },
} as const

/** As it was sent, with what Fynd adds. */
function renderProduct(ctx: KonnectContext, product: Product): object {
  const category = ctx.catalogue.categories.find(({ uid }) => uid === product.categoryUid)
  return {
    ...product.fields,
    uid: product.uid,
    slug: product.slug,
    item_code: product.itemCode,
    brand: brandName(ctx, product.brandUid),
    brand_uid: product.brandUid,
    category: category ? categoryName(ctx, category) : '',
    category_slug: category?.slug ?? '',
    template: product.template,
    company_id: ctx.catalogue.companyId,
    is_active: true,
    all_identifiers: product.sizes.flatMap((size) => [
      size.primary_identifier,
      ...otherNames(size),
    ]),
    sizes: product.sizes,
    created_on: writeNanoTime(product.createdMs),
    modified_on: writeNanoTime(product.modifiedMs),
  }
}
