import { otherNames, type Product, type Size, type Sku } from '../catalogue.ts'
import type { Job, KonnectContext } from '../state.ts'
import { categoryNamed } from './categories.ts'
import { findProduct, type SentProduct } from './product-checks.ts'
import { findSku, ownRow, rowAt, writeQuantity } from './stock.ts'

/** Carries out what `checkProduct` found nothing wrong with. */
export function applyProduct(
  ctx: KonnectContext,
  kind: Job['kind'],
  template: string,
  sent: SentProduct,
): void {
  if (kind === 'create') {
    createProduct(ctx, template, sent)
    return
  }
  const product = findProduct(ctx, sent)
  if (!product) throw new Error('The product was there a moment ago')
  if (kind === 'update') updateProduct(ctx, product, sent)
  else deleteProduct(ctx, product, sent)
}

function createProduct(ctx: KonnectContext, template: string, sent: SentProduct): void {
  const { state, catalogue } = ctx
  const { sizes = [], slug = '', item_code: itemCode = '', brand, category, ...fields } = sent
  const product: Product = {
    uid: state.nextProductUid,
    itemCode,
    slug,
    brandUid: catalogue.brands.find(({ name }) => name === brand)?.uid ?? 0,
    categoryUid: categoryNamed(ctx, category ?? '')?.uid ?? 0,
    template,
    createdMs: ctx.nowMs,
    modifiedMs: ctx.nowMs,
    sizes: sizes.map((size) => ({ ...size })),
    fields,
  }
  state.nextProductUid += 1
  state.products.set(itemCode, product)
  for (const size of product.sizes) addSku(ctx, itemCode, size)
  ctx.record('konnect.product.created', { item_code: itemCode, sizes: sizes.length })
}

/** Only what was sent changes; sizes that are new are added, none is taken away. */
function updateProduct(ctx: KonnectContext, product: Product, sent: SentProduct): void {
  const { sizes = [], category, is_dependent, ...rest } = sent
  const fields: Record<string, unknown> = { ...product.fields }
  for (const [name, value] of Object.entries(rest)) if (!identity.has(name)) fields[name] = value
  if (sent.attributes) {
    const before = product.fields.attributes as Record<string, unknown> | undefined
    fields.attributes = { ...before, ...sent.attributes }
  }
  // Partner: a boolean on create, "Yes" or "No" on update (facts/konnect.md 2.13).
  if (is_dependent !== undefined) fields.is_dependent = is_dependent === 'Yes'
  const changed = new Map(sizes.map((size) => [size.primary_identifier, size]))
  const kept = product.sizes.map((own) => {
    const change = changed.get(own.primary_identifier)
    return change ? { ...own, ...change } : own
  })
  const known = new Set(product.sizes.map((own) => own.primary_identifier))
  const added = sizes.filter((size) => !known.has(size.primary_identifier))
  ctx.state.products.set(product.itemCode, {
    ...product,
    categoryUid: categoryNamed(ctx, category ?? '')?.uid ?? product.categoryUid,
    modifiedMs: ctx.nowMs,
    sizes: [...kept, ...added],
    fields,
  })
  for (const [at, own] of product.sizes.entries()) {
    const size = kept[at]
    if (size && size !== own) changeSku(ctx, own, size)
  }
  for (const size of added) addSku(ctx, product.itemCode, size)
  ctx.record('konnect.product.updated', { item_code: product.itemCode, added: added.length })
}

/** For good; orders that have its pieces keep them. */
function deleteProduct(ctx: KonnectContext, product: Product, sent: SentProduct): void {
  const named = new Set(sent.sizes?.map((size) => size.primary_identifier))
  const isWhole = sent.sizes === undefined || sent.sizes.length === 0
  const gone = product.sizes.filter((size) => isWhole || named.has(size.primary_identifier))
  const kept = product.sizes.filter((size) => !gone.includes(size))
  for (const size of gone) dropSku(ctx, size)
  const { itemCode } = product
  if (kept.length > 0) {
    ctx.state.products.set(itemCode, { ...product, modifiedMs: ctx.nowMs, sizes: kept })
  } else ctx.state.products.set(itemCode, null)
  ctx.record('konnect.product.deleted', { item_code: itemCode, sizes: gone.length })
}

const identity: ReadonlySet<string> = new Set(['slug', 'brand', 'brand_uid', 'item_code'])

function addSku(ctx: KonnectContext, itemCode: string, size: Size): void {
  const { state } = ctx
  const code = size.primary_identifier
  const sku: Sku = {
    sku: code,
    itemCode,
    size: size.size,
    locations: null,
    isBatch: false,
    mrpMinor: Math.round(size.price * 100),
    espMinor: Math.round(size.price_effective * 100),
  }
  state.skus.set(code, sku)
  state.skusMore += 1
  state.batchArticles.delete(code)
  clearRows(ctx, sku)
  nameSku(ctx, size)
}

/** A size that was changed: its name, prices and other identifiers are those of listings and orders from now on. */
function changeSku(ctx: KonnectContext, before: Size, size: Size): void {
  const code = size.primary_identifier
  const sku = findSku(ctx, code)
  if (!sku) return
  const mrpMinor = Math.round(size.price * 100)
  const espMinor = Math.round(size.price_effective * 100)
  const changed: Sku = { ...sku, size: size.size, mrpMinor, espMinor }
  // ASSUMED: a location that sells at a price of its own keeps it; the product's price is kept apart (facts/konnect.md 2.16).
  for (const location of rowsOf(ctx, code)) {
    const told = rowAt(ctx, location, sku)
    if (told.mrpMinor !== sku.mrpMinor || told.espMinor !== sku.espMinor) continue
    Object.assign(ownRow(ctx, location, sku), { mrpMinor, espMinor })
  }
  ctx.state.skus.set(code, changed)
  forgetNames(ctx, before)
  nameSku(ctx, size)
}

function nameSku({ state }: KonnectContext, size: Size): void {
  const code = size.primary_identifier
  for (const name of otherNames(size)) state.aliases.set(name, code)
}

function forgetNames({ state }: KonnectContext, size: Size): void {
  for (const name of otherNames(size)) state.aliases.set(name, null)
}

/** Rows of a SKU of this name that was deleted before: pieces of its orders that came back meanwhile are not the new one's to sell. */
function clearRows(ctx: KonnectContext, sku: Sku): void {
  for (const location of rowsOf(ctx, sku.sku)) {
    const row = ownRow(ctx, location, sku)
    row.mrpMinor = sku.mrpMinor
    row.espMinor = sku.espMinor
    if (row.sellable > 0) writeQuantity(ctx, location, sku, 0)
  }
}

/** Locations at which there is a row of the SKU. */
const rowsOf = ({ state, catalogue }: KonnectContext, sku: string): string[] =>
  catalogue.locations
    .map(({ code }) => code)
    .filter((code) => state.stock.get(code)?.has(sku) || catalogue.stock.get(code)?.has(sku))

/** What was on sale is written off, so that the pieces of running orders stay counted. */
function dropSku(ctx: KonnectContext, size: Size): void {
  const { state, catalogue } = ctx
  const code = size.primary_identifier
  const sku = state.skus.get(code) ?? catalogue.skus.get(code)
  if (!sku) return
  for (const { code: location } of catalogue.locations) {
    if (rowAt(ctx, location, sku).sellable > 0) writeQuantity(ctx, location, sku, 0)
  }
  state.skus.set(code, null)
  state.skusMore -= 1
  forgetNames(ctx, size)
}
