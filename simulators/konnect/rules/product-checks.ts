import { otherNames, type Product, type Size } from '../catalogue.ts'
import type { Category } from '../reference-data.ts'
import type { Job, KonnectContext } from '../state.ts'
import { categoryNamed } from './categories.ts'
import { isMoney } from './money.ts'
import { findSku, productOf } from './stock.ts'

/** A product as it was sent; its fields have been checked against the document. */
export interface SentProduct {
  name?: string
  slug?: string
  brand?: string
  brand_uid?: string
  item_code?: string
  category?: string
  departments?: string[]
  hs_code?: string
  tax_identifier?: { tax_rule_id: string }
  attributes?: Record<string, unknown>
  sizes?: Size[]
  [field: string]: unknown
}

/** What is wrong with a product beyond its shape (facts/konnect.md 2.12 to 2.14); empty: nothing. Changes nothing. */
export function checkProduct(
  ctx: KonnectContext,
  kind: Job['kind'],
  template: string,
  sent: SentProduct,
): string[] {
  if (kind === 'create') return checkNew(ctx, template, sent)
  const product = findProduct(ctx, sent)
  if (!product) return ['Product not found']
  return kind === 'update'
    ? checkUpdate(ctx, template, sent, product)
    : checkDelete(ctx, template, sent, product)
}

/** By item code, else slug (and brand), else any size's primary identifier: the reference lets updates name no product. */
export function findProduct(ctx: KonnectContext, sent: SentProduct): Product | undefined {
  if (sent.item_code !== undefined) return productOf(ctx, sent.item_code)
  if (sent.slug !== undefined) {
    return products(ctx).find(
      ({ slug, brandUid }) =>
        slug === sent.slug && (sent.brand === undefined || brandName(ctx, brandUid) === sent.brand),
    )
  }
  for (const size of sent.sizes ?? []) {
    const sku = findSku(ctx, String(size.primary_identifier))
    if (sku) return productOf(ctx, sku.itemCode)
  }
  return undefined
}

export function products({ state, catalogue }: KonnectContext): Product[] {
  const kept = [...catalogue.products.values()].flatMap((product) => {
    const changed = state.products.get(product.itemCode)
    return changed === null ? [] : [changed ?? product]
  })
  const added = [...state.products].flatMap(([code, product]) =>
    product && !catalogue.products.has(code) ? [product] : [],
  )
  return [...kept, ...added]
}

export const brandName = (ctx: KonnectContext, uid: number): string =>
  ctx.catalogue.brands.find((brand) => brand.uid === uid)?.name ?? ''

function checkNew(ctx: KonnectContext, template: string, sent: SentProduct): string[] {
  const { catalogue } = ctx
  const known = catalogue.templates.find(({ slug }) => slug === template)
  const category = categoryNamed(ctx, sent.category ?? '')
  const brand = catalogue.brands.find(({ name }) => name === sent.brand)
  const sizes = sent.sizes ?? []
  return [
    ...wrongIf(!known, `Invalid template "${template}"`),
    ...wrongIf(!brand, `Invalid brand "${sent.brand}"`),
    ...checkCategory(ctx, template, category),
    ...checkReferences(ctx, sent),
    ...checkDepartments(category, sent.departments ?? []),
    ...(category ? checkAttributes(ctx, category, sent.attributes ?? {}, true) : []),
    ...wrongIf(productOf(ctx, sent.item_code ?? ''), 'item_code must be unique'),
    ...wrongIf(
      brand &&
        products(ctx).some(({ slug, brandUid }) => slug === sent.slug && brandUid === brand.uid),
      'slug must be unique for the brand',
    ),
    ...sizes.flatMap((size) => checkSize(ctx, size, undefined)),
    ...checkTwice(sizes),
  ]
}

function checkUpdate(
  ctx: KonnectContext,
  template: string,
  sent: SentProduct,
  product: Product,
): string[] {
  const category =
    sent.category === undefined
      ? ctx.catalogue.categories.find(({ uid }) => uid === product.categoryUid)
      : categoryNamed(ctx, sent.category)
  return [
    ...checkIdentity(ctx, template, sent, product),
    ...checkReferences(ctx, sent),
    ...(sent.category === undefined ? [] : checkCategory(ctx, template, category)),
    ...(sent.departments || sent.category !== undefined
      ? checkDepartments(category, sent.departments ?? departmentsOf(product))
      : []),
    ...(category && sent.attributes ? checkAttributes(ctx, category, sent.attributes, false) : []),
    ...(sent.sizes ?? []).flatMap((size) => checkSize(ctx, size, product)),
    ...checkTwice(sent.sizes ?? []),
  ]
}

function checkDelete(
  ctx: KonnectContext,
  template: string,
  sent: SentProduct,
  product: Product,
): string[] {
  const known = new Set(product.sizes.map((size) => size.primary_identifier))
  // ASSUMED: an empty list names nothing; taken for "the whole product" it would delete what nobody named.
  const isEmpty = sent.sizes?.length === 0
  const strange = (sent.sizes ?? []).filter((size) => !known.has(size.primary_identifier))
  return [
    ...checkIdentity(ctx, template, sent, product),
    ...wrongIf(isEmpty, 'sizes must name a size, or be left out'),
    ...strange.map((size) => `Product has no size "${size.primary_identifier}"`),
  ]
}

/** What may never change: slug, brand, brand_uid, item_code, template. */
function checkIdentity(
  ctx: KonnectContext,
  template: string,
  sent: SentProduct,
  product: Product,
): string[] {
  const is = (value: unknown, wanted: unknown) => value === undefined || value === wanted
  const wrong = (name: string) => `${name} is immutable`
  return [
    ...wrongIf(template !== product.template, wrong('template')),
    ...wrongIf(!is(sent.slug, product.slug), wrong('slug')),
    ...wrongIf(!is(sent.brand, brandName(ctx, product.brandUid)), wrong('brand')),
    ...wrongIf(!is(sent.brand_uid, String(product.brandUid)), wrong('brand_uid')),
    ...wrongIf(!is(sent.item_code, product.itemCode), wrong('item_code')),
  ]
}

function checkReferences(ctx: KonnectContext, sent: SentProduct): string[] {
  const { catalogue } = ctx
  const { departments, category, hs_code, tax_identifier } = sent
  const uids = new Set(catalogue.departments.map(({ uid }) => String(uid)))
  return [
    ...(departments ?? [])
      .filter((uid) => !uids.has(uid))
      .map((uid) => `Invalid department "${uid}"`),
    ...wrongIf(
      category !== undefined && !categoryNamed(ctx, category),
      `Invalid category "${category}"`,
    ),
    ...wrongIf(
      hs_code !== undefined && !catalogue.hsCodes.some(({ code }) => code === hs_code),
      'Invalid HS code',
    ),
    ...wrongIf(
      tax_identifier &&
        !catalogue.taxRules.some(
          ({ id, status }) => id === tax_identifier.tax_rule_id && status === 'ACTIVE',
        ),
      'Invalid tax rule id',
    ),
  ]
}

function checkCategory(ctx: KonnectContext, template: string, category: Category | undefined) {
  const known = ctx.catalogue.templates.find(({ slug }) => slug === template)
  return wrongIf(
    known && category && !known.categories.includes(category.uid),
    `Category "${category?.name}" does not belong to template "${template}"`,
  )
}

/** Guide: mismatched values are an error (facts/konnect.md 2.12). Which departments have a category stands in the category. */
function checkDepartments(category: Category | undefined, departments: readonly string[]) {
  if (!category) return []
  const known = new Set(category.departments.map(String))
  return departments
    .filter((uid) => !known.has(uid))
    .map((uid) => `Category "${category.name}" does not belong to department "${uid}"`)
}

const departmentsOf = ({ fields }: Product): string[] => {
  const { departments } = fields
  return Array.isArray(departments) ? departments.map(String) : []
}

function checkAttributes(
  ctx: KonnectContext,
  category: Category,
  sent: Record<string, unknown>,
  isNew: boolean,
): string[] {
  return ctx.catalogue.attributes
    .filter(({ categories }) => categories.includes(category.uid))
    .flatMap(({ slug, mandatory, allowedValues, type, range }) => {
      const value = Object.hasOwn(sent, slug) ? sent[slug] : undefined
      if (value === undefined || value === '') {
        const isMissing = mandatory && (isNew || value === '')
        return wrongIf(isMissing, `Attribute "${slug}" is mandatory`)
      }
      if (type === 'str' && typeof value !== 'string') return [`Attribute "${slug}" must be a text`]
      if (allowedValues.length > 0 && !allowedValues.includes(String(value))) {
        return [`Attribute "${slug}" must be one of ${allowedValues.join(', ')}`]
      }
      if (type === 'int' && !Number.isInteger(value)) {
        return [`Attribute "${slug}" must be a whole number`]
      }
      const isOutside = range && (Number(value) < range.min || Number(value) > range.max)
      return wrongIf(isOutside, `Attribute "${slug}" must be from ${range?.min} to ${range?.max}`)
    })
}

/** With a product: the size may be one that it has, whose primary identifiers may not change. */
function checkSize(ctx: KonnectContext, size: Size, product: Product | undefined): string[] {
  const { primary_identifier: id, price, price_effective } = size
  const mine = product?.sizes.find((own) => own.primary_identifier === id)
  const wrong = [
    ...wrongIf(
      (price_effective ?? mine?.price_effective ?? 0) >
        (price ?? mine?.price ?? Number.POSITIVE_INFINITY),
      `price_effective of "${id}" must not be above price`,
    ),
    ...wrongIf(
      !isMoney(price) || !isMoney(price_effective),
      `prices of "${id}" must have at most two decimals`,
    ),
    ...checkIdentifiers(ctx, size),
  ]
  const namesake = product?.sizes.find((own) => own.size === size.size)
  if (mine) {
    const before = primaryGtin(mine)
    const after = primaryGtin(size)
    const isChanged = before !== undefined && after !== undefined && before !== after
    return [
      ...wrong,
      ...wrongIf(isChanged, `gtin_value of the primary identifier of "${id}" is immutable`),
      ...wrongIf(namesake && namesake !== mine, `size "${size.size}" must be unique`),
    ]
  }
  const isIncomplete =
    size.size === undefined || price === undefined || price_effective === undefined
  return [
    ...wrong,
    ...wrongIf(namesake, `primary_identifier of size "${size.size}" is immutable`),
    ...wrongIf(isIncomplete, `New size "${id}" needs size, price and price_effective`),
    ...wrongIf(findSku(ctx, id), `primary_identifier "${id}" must be unique`),
  ]
}

/** Every other name of a size is a name of nothing else. */
const checkIdentifiers = (ctx: KonnectContext, size: Size): string[] =>
  otherNames(size).flatMap((name) => {
    const holder = findSku(ctx, name)
    const isTaken = holder && holder.sku !== size.primary_identifier
    return wrongIf(isTaken, `gtin_value "${name}" must be unique`)
  })

const primaryGtin = (size: Size): string | undefined =>
  size.identifiers?.find(({ primary }) => primary)?.gtin_value

/** Sizes of one call among themselves. */
function checkTwice(sizes: readonly Size[]): string[] {
  const isTwice = (values: readonly unknown[]) => new Set(values).size < values.length
  const names = sizes.flatMap(({ size }) => (size === undefined ? [] : [size]))
  const gtins = sizes.flatMap((size) => [size.primary_identifier, ...new Set(otherNames(size))])
  const ids = sizes.map((size) => size.primary_identifier)
  return [
    ...wrongIf(isTwice(ids), 'primary_identifier must be unique'),
    ...wrongIf(!isTwice(ids) && isTwice(gtins), 'gtin_value must be unique'),
    ...wrongIf(isTwice(names), 'size must be unique'),
  ]
}

const wrongIf = (isWrong: unknown, message: string): string[] => (isWrong ? [message] : [])
