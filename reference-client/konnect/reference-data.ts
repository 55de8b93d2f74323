import { z } from 'zod'
import { failedAnswer } from '../partners/errors.ts'
import { type CatalogueList, limits } from '../partners/konnect.ts'
import type { Access } from '../partners/konnect-token.ts'
import type { Visit } from '../site.ts'
import type { SellerSite } from './seller-site.ts'

export type ReferenceData = {
  departments: { uid: string; name: string | null; slug: string | null }[]
  /** Level 3 only: what a product may name. */
  categories: { uid: string; name: string; slug: string | null }[]
  brands: { uid: string; name: string }[]
  templates: {
    slug: string
    name: string | null
    departments: string[]
    categories: string[]
  }[]
  hs_codes: { code: string; type: string | null; description: string | null }[]
  tax_rules: { id: string; name: string | null; status: string | null }[]
}

export type Attribute = {
  slug: string
  name: string | null
  is_mandatory: boolean
  allowed_values: string[]
}

export type Problem = { field: string; value: unknown; message: string }

const pagesMax = 500
/** How often a list is read before it counts as broken. */
const readsMax = 3

const textOrNull = z
  .string()
  .nullish()
  .transform((value) => value ?? null)
const uid = z.union([z.string(), z.number()]).transform(String)
const texts = z
  .array(z.union([z.string(), z.number()]).transform(String))
  .nullish()
  .transform((value) => value ?? [])

const named = z.looseObject({
  uid: uid.optional(),
  id: uid.optional(),
  name: z.string(),
  slug: textOrNull,
})
const brand = z.looseObject({
  uid: uid.optional(),
  name: z.string().optional(),
  brand: z.looseObject({ uid: uid.optional(), name: z.string().optional() }).optional(),
})
const template = z.looseObject({
  slug: z.string(),
  name: textOrNull,
  departments: texts,
  categories: texts,
})
const hsCode = z.looseObject({
  hs_code: uid.optional(),
  hsn_code: uid.optional(),
  type: textOrNull,
  description: textOrNull,
})
const taxRule = z.looseObject({
  rule: z.looseObject({
    _id: uid.optional(),
    id: uid.optional(),
    name: textOrNull,
    status: textOrNull,
  }),
})
const attribute = z.looseObject({
  slug: z.string(),
  name: textOrNull,
  schema: z.looseObject({ mandatory: z.boolean().nullish(), allowed_values: texts }).nullish(),
})

/** Where the company's own data is asked for: any token of ours may. */
export function companyAccess(site: SellerSite): Access {
  return site.konnect.accessOf(site.locations()[0] ?? '')
}

/** Every list that a product is checked against, read from Konnect now (konnect.md 2.2 to 2.8). */
export async function readReferenceData(site: SellerSite, visit: Visit): Promise<ReferenceData> {
  const list = <T>(name: CatalogueList, shape: z.ZodType<T>, query = {}) =>
    walkCatalogue(site, visit, name, query, shape)
  return {
    departments: (await list('departments', named)).flatMap((item) => identified(item)),
    categories: (await list('categories', named, { level: '3' })).flatMap((item) =>
      identified(item),
    ),
    brands: (await list('brands', brand)).flatMap((item) => {
      const name = item.name ?? item.brand?.name
      const id = item.uid ?? item.brand?.uid
      return name === undefined || id === undefined ? [] : [{ uid: id, name }]
    }),
    templates: (await list('templates', template)).map((item) => ({
      slug: item.slug,
      name: item.name,
      departments: item.departments,
      categories: item.categories,
    })),
    hs_codes: (await list('hs-codes', hsCode)).flatMap((item) => {
      const code = item.hs_code ?? item.hsn_code
      return code === undefined ? [] : [{ code, type: item.type, description: item.description }]
    }),
    tax_rules: (await list('tax-rules', taxRule)).flatMap(({ rule }) => {
      const id = rule._id ?? rule.id
      return id === undefined ? [] : [{ id, name: rule.name, status: rule.status }]
    }),
  }
}

/** The attributes of a level-3 category, by its exact name (konnect.md 2.6). */
export async function readAttributes(
  site: SellerSite,
  visit: Visit,
  category: string,
): Promise<Attribute[]> {
  const page = await site.persist(`attributes/${category}`, visit.trace, (context) =>
    site.konnect.catalogue('attributes', { category }, companyAccess(site), context),
  )
  return readable(page.items, attribute).map((item) => ({
    slug: item.slug,
    name: item.name,
    is_mandatory: item.schema?.mandatory === true,
    allowed_values: item.schema?.allowed_values ?? [],
  }))
}

/**
 * Walks the pages of a catalogue list to their total; what cannot be read is left out. A list that lost a page on the way, by its own
 * total, is read again, and at last an error: half a list of valid values would refuse good products.
 */
export async function walkCatalogue<T>(
  site: SellerSite,
  visit: Visit,
  list: CatalogueList,
  query: Record<string, string>,
  shape: z.ZodType<T>,
): Promise<T[]> {
  for (let read = 1; ; read += 1) {
    const { items, total } = await walkPages(site, visit, list, query)
    if (items.length >= total) return readable(items, shape)
    if (read < readsMax) continue
    throw failedAnswer(
      { partner: 'konnect', operation: list, nowMs: site.nowMs() },
      { status: 200, json: undefined, text: '', retryAfter: null },
      `the list shows ${items.length} of ${total}`,
    )
  }
}

/** Different items only: a page may come twice. */
async function walkPages(
  site: SellerSite,
  visit: Visit,
  list: CatalogueList,
  query: Record<string, string>,
): Promise<{ items: unknown[]; total: number }> {
  const met = new Map<string, unknown>()
  for (let page = 1; page <= pagesMax; page += 1) {
    const answer = await site.persist(`${list}/${page}`, visit.trace, (context) =>
      site.konnect.catalogue(
        list,
        { ...query, page_number: String(page), page_size: String(limits.catalogPage) },
        companyAccess(site),
        context,
      ),
    )
    for (const item of answer.items) met.set(JSON.stringify(item), item)
    const total = answer.total ?? 0
    const isOver = answer.items.length === 0 || (answer.total != null && met.size >= total)
    if (isOver) return { items: [...met.values()], total }
  }
  throw new Error(`More than ${pagesMax} pages of ${list}.`)
}

export type ProductDraft = {
  item_code?: string | undefined
  category?: string | undefined
  brand?: string | undefined
  departments?: string[] | undefined
  hs_code?: string | undefined
  tax_identifier?: { tax_rule_id?: string | undefined } | undefined
  attributes?: Record<string, unknown> | undefined
}

/** What of a product breaks the valid values; fields that are absent are Konnect's to miss. Pure. */
export function findProblems(
  product: ProductDraft,
  template: string,
  valid: ReferenceData,
  attributes: Attribute[],
  operation: 'create' | 'update',
): Problem[] {
  const problems: Problem[] = []
  const check = (field: string, value: string | undefined, known: string[]) => {
    if (value === undefined || known.includes(value)) return
    problems.push({ field, value, message: `Konnect knows no such value in ${field}.` })
  }
  check(
    'template',
    template,
    valid.templates.map(({ slug }) => slug),
  )
  for (const department of product.departments ?? []) {
    check(
      'departments',
      department,
      valid.departments.map(({ uid: id }) => id),
    )
  }
  check(
    'category',
    product.category,
    valid.categories.map(({ name }) => name),
  )
  check(
    'brand',
    product.brand,
    valid.brands.map(({ name }) => name),
  )
  check(
    'hs_code',
    product.hs_code,
    valid.hs_codes.map(({ code }) => code),
  )
  check(
    'tax_identifier.tax_rule_id',
    product.tax_identifier?.tax_rule_id,
    valid.tax_rules.map(({ id }) => id),
  )
  for (const { slug, is_mandatory, allowed_values } of attributes) {
    const value = product.attributes?.[slug]
    if (value === undefined) {
      // An update names what changes; only a new product must have them all.
      if (is_mandatory && operation === 'create') {
        problems.push({ field: `attributes.${slug}`, value: null, message: 'It is mandatory.' })
      }
      continue
    }
    const values = (Array.isArray(value) ? value : [value]).map(String)
    if (allowed_values.length === 0) continue
    for (const one of values) check(`attributes.${slug}`, one, allowed_values)
  }
  return problems
}

function identified(item: z.infer<typeof named>) {
  const id = item.uid ?? item.id
  return id === undefined ? [] : [{ uid: id, name: item.name, slug: item.slug }]
}

function readable<T>(items: unknown[], shape: z.ZodType<T>): T[] {
  return items.flatMap((item) => {
    const parsed = shape.safeParse(item)
    return parsed.success ? [parsed.data] : []
  })
}
