import { Hono } from 'hono'
import { z } from 'zod'
import type { OrderWork } from '../konnect/order-work.ts'
import {
  findJob,
  listJobs,
  type ProductOperation,
  showJob,
  startJob,
} from '../konnect/product-jobs.ts'
import {
  type Attribute,
  findProblems,
  type Problem,
  readAttributes,
  readReferenceData,
  walkCatalogue,
} from '../konnect/reference-data.ts'
import type { SellerSite } from '../konnect/seller-site.ts'
import { limits } from '../partners/konnect.ts'
import { ShopRefusal } from '../refusal.ts'
import { limitOf, readJson, type ShopContext, type ShopEnv } from './door.ts'

const text = z.string().min(1).max(300)

/** Konnect's own field names; what we do not check travels as it came. */
const productShape = z.looseObject({
  item_code: text.optional(),
  slug: text.optional(),
  category: text.optional(),
  brand: text.optional(),
  departments: z
    .array(z.union([text, z.int()]).transform(String))
    .max(100)
    .optional(),
  hs_code: z.union([text, z.int()]).transform(String).optional(),
  tax_identifier: z.looseObject({ tax_rule_id: text.optional() }).optional(),
  attributes: z.record(z.string(), z.unknown()).optional(),
  sizes: z
    .array(z.looseObject({ primary_identifier: text.optional() }))
    .max(1_000)
    .optional(),
  is_dependent: z.boolean().optional(),
})
type Product = z.infer<typeof productShape>

const writeShape = z.object({
  template: text,
  products: z.array(productShape).min(1).max(limits.products),
})

const deleteShape = z.object({
  template: text,
  products: z
    .array(
      z.object({
        item_code: text,
        slug: text,
        brand: text,
        name: text.optional(),
        brand_uid: z.union([text, z.int()]).transform(String).optional(),
        sizes: z
          .array(z.looseObject({ primary_identifier: text }))
          .min(1)
          .max(1_000)
          .optional(),
      }),
    )
    .min(1)
    .max(limits.products),
})

type Refused = { item_code: string; problems: Problem[] }

/** Products and what they may say (kartify.md 11). */
export function sellerCatalogueRoutes(site: SellerSite, work: OrderWork) {
  return new Hono<ShopEnv>()
    .get('/seller/reference-data', async (c) => {
      const visit = c.get('visit')
      const category = c.req.query('category')
      const data = await readReferenceData(site, visit)
      const attributes =
        category === undefined ? undefined : await readAttributes(site, visit, category)
      return c.json({ ...data, ...(attributes && { attributes }), calls: visit.trace })
    })
    .post('/seller/products', (c) => writeProducts(site, work, c, 'create'))
    .put('/seller/products', (c) => writeProducts(site, work, c, 'update'))
    .delete('/seller/products', (c) => deleteProducts(site, work, c))
    .get('/seller/product-jobs', (c) =>
      c.json({ jobs: listJobs(site, limitOf(c, 10_000, 100_000)).map(showJob) }),
    )
    .get('/seller/product-jobs/:id', (c) => {
      const id = c.req.param('id')
      const job = findJob(site, id)
      if (job === undefined)
        throw new ShopRefusal(404, 'unknown-job', `No job ${id.slice(0, 100)}.`)
      return c.json(showJob(job))
    })
}

async function writeProducts(
  site: SellerSite,
  work: OrderWork,
  c: ShopContext,
  operation: 'create' | 'update',
) {
  const { template, products } = await readJson(c, writeShape)
  const { good, refused } = await checkProducts(site, c, template, products, operation)
  if (good.length === 0) {
    const message = 'No product has valid values; nothing was sent.'
    return c.json(
      { error: { code: 'invalid-values', message }, ...answered(c, null, refused) },
      400,
    )
  }
  const body = { template, products: good.map((product) => wireProduct(product, operation)) }
  return start(site, work, c, operation, body, good.map(codeOf), refused)
}

async function deleteProducts(site: SellerSite, work: OrderWork, c: ShopContext) {
  const visit = c.get('visit')
  const { template, products } = await readJson(c, deleteShape)
  const isComplete = products.every(
    ({ name, brand_uid }) => name !== undefined && brand_uid !== undefined,
  )
  // The reference wants name and brand uid, too; whoever deletes need not know them.
  const brands = isComplete ? [] : (await readReferenceData(site, visit)).brands
  const codes = products.map((product) => product.item_code)
  const known = isComplete
    ? []
    : await walkCatalogue(
        site,
        visit,
        'products',
        { item_code: codes.join(',') },
        z.looseObject({ item_code: z.string(), name: z.string() }),
      )
  const body = {
    template,
    products: products.map(({ name, brand_uid, ...product }) => {
      const uid = brand_uid ?? brands.find((brand) => brand.name === product.brand)?.uid
      return {
        ...product,
        name:
          name ?? known.find((one) => one.item_code === product.item_code)?.name ?? product.slug,
        ...(uid !== undefined && { brand_uid: uid }),
      }
    }),
  }
  return start(site, work, c, 'delete', body, codes, [])
}

/** Written down first, then sent: a job that starts twice after a lost answer is told apart at its end. */
async function start(
  site: SellerSite,
  work: OrderWork,
  c: ShopContext,
  operation: ProductOperation,
  body: object,
  itemCodes: string[],
  refused: Refused[],
) {
  const job = startJob(site, work, operation, body, itemCodes)
  const outcome = await work.attemptNow(job.work, c.get('visit'))
  if (outcome.state === 'waiting') work.wake()
  const row = findJob(site, job.id)
  const shown = row === undefined ? null : showJob(row)
  if (outcome.state === 'refused') {
    const error = { code: outcome.code ?? 'refused', message: outcome.last_error ?? 'Refused.' }
    return c.json({ error, ...answered(c, shown, refused) }, 409)
  }
  return c.json(answered(c, shown, refused), outcome.state === 'waiting' ? 202 : 200)
}

/** Every product against the lists as Konnect has them now; a bad one does not hold up the others. */
async function checkProducts(
  site: SellerSite,
  c: ShopContext,
  template: string,
  products: Product[],
  operation: 'create' | 'update',
): Promise<{ good: Product[]; refused: Refused[] }> {
  const visit = c.get('visit')
  const valid = await readReferenceData(site, visit)
  const attributes = new Map<string, Attribute[]>()
  const good: Product[] = []
  const refused: Refused[] = []
  for (const product of products) {
    const category = product.category ?? ''
    if (!attributes.has(category)) {
      const isKnown = valid.categories.some(({ name }) => name === category)
      attributes.set(category, isKnown ? await readAttributes(site, visit, category) : [])
    }
    const wanted = attributes.get(category) ?? []
    const problems = findProblems(product, template, valid, wanted, operation)
    if (problems.length === 0) good.push(product)
    else refused.push({ item_code: codeOf(product), problems })
  }
  return { good, refused }
}

/** A boolean when a product is created, "Yes" or "No" when it is changed (konnect.md 2.12 and 2.13). */
function wireProduct(product: Product, operation: 'create' | 'update') {
  const { is_dependent: isDependent, ...rest } = product
  if (operation === 'create') return { ...rest, is_dependent: isDependent ?? false }
  if (isDependent === undefined) return rest
  return { ...rest, is_dependent: isDependent ? 'Yes' : 'No' }
}

/** What names a product to people: an update need not carry its item code. */
function codeOf(product: Product): string {
  return product.item_code ?? product.slug ?? product.sizes?.[0]?.primary_identifier ?? ''
}

function answered(c: ShopContext, job: object | null, refused: Refused[]) {
  return { job, refused_here: refused, calls: c.get('visit').trace }
}
