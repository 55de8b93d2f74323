import { z } from 'zod'
import type { Act } from '../core/partner.ts'
import { Refusal } from '../core/refusal.ts'
import { bagActs } from './bag-acts.ts'
import { catalogueActs } from './catalogue-acts.ts'
import { customerActs } from './customer-acts.ts'
import { fyndAct } from './fynd-act.ts'
import { orderActs } from './order-acts.ts'
import { refundActs } from './refund-acts.ts'
import { adjustSellable, movePieces, noteVisibility, rowAt, skusAt } from './rules/stock.ts'
import { catalogueOf, type FyndContext, type FyndTypes } from './state.ts'
import { ping } from './webhooks.ts'

const sku = z.string().min(1).max(100).describe('SKU, for example TEE-M')
const store = z.string().min(1).max(100).describe('Store code, for example BLR-01')
const pieces = z.int().min(0).max(1_000_000_000)

const stockActs: Record<string, Act<FyndTypes>> = {
  'fynd.stock.set': fyndAct({
    about: 'A stock count: what a store can sell of a SKU is exactly this many from now on.',
    input: z.strictObject({ sku, store, quantity: pieces }),
    apply: (ctx, input) => {
      checkPlace(ctx, input)
      const before = rowAt(ctx, input.sku, input.store)?.sellable ?? 0
      return adjust(ctx, input, input.quantity - before)
    },
  }),
  'fynd.stock.adjust': fyndAct({
    about:
      'Pieces come to a store or leave it outside of any order (a delivery, a sale at the till).',
    input: z.strictObject({ sku, store, by: z.int().min(-1_000_000_000).max(1_000_000_000) }),
    apply: (ctx, input) => {
      checkPlace(ctx, input)
      return adjust(ctx, input, input.by)
    },
  }),
  'fynd.stock.damage': fyndAct({
    about: 'Sellable pieces of a store turn out to be damaged.',
    input: z.strictObject({ sku, store, quantity: pieces.min(1) }),
    apply: (ctx, input) => {
      checkPlace(ctx, input)
      const sellable = rowAt(ctx, input.sku, input.store)?.sellable ?? 0
      if (sellable < input.quantity) throw tooFew(input, sellable)
      movePieces(ctx, input, { from: 'sellable', to: 'damaged', quantity: input.quantity })
      return { ...input, sellable: sellable - input.quantity }
    },
  }),
  'fynd.sku.take-off-sale': fyndAct({
    about:
      'A SKU is inactive: stock status lists it only with include_inactive, nobody can order it.',
    input: z.strictObject({ sku }),
    apply: (ctx, input) => {
      checkSku(ctx, input.sku)
      if (ctx.state.inactiveSkus.has(input.sku)) {
        throw new Refusal('conflict', `${input.sku} is off sale already`)
      }
      ctx.state.inactiveSkus.add(input.sku)
      noteVisibility(ctx, input.sku)
      ctx.record('fynd.sku.taken-off-sale', input)
      return input
    },
  }),
  'fynd.sku.put-on-sale': fyndAct({
    about: 'A SKU that was taken off sale is active again.',
    input: z.strictObject({ sku }),
    apply: (ctx, input) => {
      checkSku(ctx, input.sku)
      if (!ctx.state.inactiveSkus.delete(input.sku)) {
        throw new Refusal('conflict', `${input.sku} is on sale already`)
      }
      noteVisibility(ctx, input.sku)
      ctx.record('fynd.sku.put-on-sale', input)
      return input
    },
  }),
}

const storeActs: Record<string, Act<FyndTypes>> = {
  'fynd.store.switch-off': fyndAct({
    about: 'A store stops selling online: no row in stock status, no new bags; bags it has go on.',
    input: z.strictObject({ store }),
    apply: (ctx, input) => {
      checkStore(ctx, input.store)
      if (ctx.state.storesOff.has(input.store)) {
        throw new Refusal('conflict', `${input.store} is switched off already`)
      }
      ctx.state.storesOff.add(input.store)
      return noteStore(ctx, input.store, 'fynd.store.switched-off')
    },
  }),
  'fynd.store.switch-on': fyndAct({
    about: 'A store that was switched off sells online again.',
    input: z.strictObject({ store }),
    apply: (ctx, input) => {
      checkStore(ctx, input.store)
      if (!ctx.state.storesOff.delete(input.store)) {
        throw new Refusal('conflict', `${input.store} is switched on already`)
      }
      return noteStore(ctx, input.store, 'fynd.store.switched-on')
    },
  }),
  'fynd.pincode.set': fyndAct({
    about: 'What FYND knows of a pincode: may be delivered to, with COD, with reverse pickup.',
    input: z.strictObject({
      pincode: z.string().regex(/^[1-9][0-9]{5}$/, 'six digits, the first not 0'),
      city: z.string().min(1).max(100).default('Exampleville'),
      deliverable: z.boolean().default(true),
      cod: z.boolean().default(true),
      reverse: z.boolean().default(true),
    }),
    apply: (ctx, input) => {
      ctx.state.pincodes.set(input.pincode, { ...input, daysMin: 3, daysMax: 6 })
      ctx.record('fynd.pincode.set', input)
      return input
    },
  }),
}

const affiliateId = z
  .string()
  .regex(/^[0-9a-f]{24}$/, '24 hex digits')
  .optional()
  .describe('Left out: the affiliate of the shop under test')

const affiliateActs: Record<string, Act<FyndTypes>> = {
  'fynd.affiliate.create': fyndAct({
    about:
      'Another channel (site) that sells the same stock; answers its credentials. With webhook_url it is told of its own orders.',
    input: z.strictObject({
      webhook_url: z.url().optional().describe('Where its webhooks go; left out: nowhere'),
    }),
    apply: (ctx, input) => {
      const random = ctx.random('ids/fynd.affiliate')
      const id = `fa4e${random.hex(20)}`
      const created = {
        id,
        token: `fake-token-${random.hex(24)}`,
        secret: `fake-secret-${random.hex(24)}`,
        webhookUrl: input.webhook_url ?? null,
      }
      ctx.state.bystanders.set(id, created)
      ctx.record('fynd.affiliate.created', { affiliate_id: id })
      return { affiliate_id: id, token: created.token, secret: created.secret }
    },
  }),
  'fynd.affiliate.disable': fyndAct({
    about: 'FYND switches an affiliate off: every call of it is refused with AffiliateDisabled.',
    input: z.strictObject({ affiliate_id: affiliateId }),
    apply: (ctx, input) => {
      const id = checkAffiliate(ctx, input.affiliate_id)
      if (ctx.state.disabledAffiliates.has(id)) {
        throw new Refusal('conflict', `Affiliate ${id} is disabled already`)
      }
      ctx.state.disabledAffiliates.add(id)
      ctx.record('fynd.affiliate.disabled', { affiliate_id: id })
      return { affiliate_id: id }
    },
  }),
  'fynd.affiliate.enable': fyndAct({
    about: 'FYND switches an affiliate on again.',
    input: z.strictObject({ affiliate_id: affiliateId }),
    apply: (ctx, input) => {
      const id = checkAffiliate(ctx, input.affiliate_id)
      if (!ctx.state.disabledAffiliates.delete(id)) {
        throw new Refusal('conflict', `Affiliate ${id} is not disabled`)
      }
      ctx.record('fynd.affiliate.enabled', { affiliate_id: id })
      return { affiliate_id: id }
    },
  }),
  'fynd.secret.rotate': fyndAct({
    about:
      'FYND gives the shop another secret key; requests and webhooks are signed with it from now on. Answers the new one.',
    input: z.strictObject({}),
    apply: (ctx) => {
      const secret = `fake-secret-${ctx.random('ids/fynd.secret').hex(24)}`
      ctx.state.rotatedSecret = secret
      ctx.record('fynd.secret.rotated', { affiliate_id: ctx.credentials.affiliate_id })
      return { affiliate_id: ctx.credentials.affiliate_id, secret }
    },
  }),
  'fynd.subscriber.reactivate': fyndAct({
    about:
      'A blocked webhook subscriber is active again; the events that waited are sent (RESYNC).',
    input: z.strictObject({ affiliate_id: affiliateId }),
    apply: (ctx, input) => {
      const subscriber = checkAffiliate(ctx, input.affiliate_id)
      ctx.reactivate(subscriber)
      return { subscriber }
    },
  }),
  'fynd.subscriber.ping': fyndAct({
    about: 'The test button of the webhook settings: sends the event "ping".',
    input: z.strictObject({ affiliate_id: affiliateId }),
    apply: (ctx, input) => ({ event_id: ping(ctx, checkAffiliate(ctx, input.affiliate_id)) }),
  }),
}

/** What happens on FYND's side: in its stores, with its courier firms, in its own office. */
export const acts: Record<string, Act<FyndTypes>> = {
  ...stockActs,
  ...storeActs,
  ...affiliateActs,
  ...orderActs,
  ...bagActs,
  ...customerActs,
  ...catalogueActs,
  ...refundActs,
}

function adjust(ctx: FyndContext, place: { sku: string; store: string }, by: number): object {
  const sellable = rowAt(ctx, place.sku, place.store)?.sellable ?? 0
  if (sellable + by < 0) throw tooFew({ ...place, quantity: -by }, sellable)
  const row = adjustSellable(ctx, place.sku, place.store, by)
  const facts = { sku: place.sku, store: place.store, by, sellable: row.sellable }
  ctx.record('fynd.stock.adjusted', facts)
  return facts
}

function noteStore(ctx: FyndContext, code: string, what: string): object {
  for (const each of skusAt(ctx, code)) noteVisibility(ctx, each)
  ctx.record(what, { store: code })
  return { store: code }
}

const tooFew = (
  wanted: { sku: string; store: string; quantity: number },
  sellable: number,
): Refusal =>
  new Refusal(
    'conflict',
    `${wanted.store} can sell ${sellable} of ${wanted.sku}, so ${wanted.quantity} cannot be taken away`,
  )

function checkPlace(ctx: FyndContext, place: { sku: string; store: string }): void {
  checkSku(ctx, place.sku)
  checkStore(ctx, place.store)
}

function checkSku(ctx: FyndContext, code: string): void {
  if (catalogueOf(ctx).skus.has(code)) return
  const some = [...catalogueOf(ctx).skus.keys()].slice(0, 8).join(', ')
  throw new Refusal('not-found', `Unknown SKU "${code}". Known: ${some}, …`)
}

function checkStore(ctx: FyndContext, code: string): void {
  if (catalogueOf(ctx).storesByCode.has(code)) return
  const some = catalogueOf(ctx)
    .stores.slice(0, 8)
    .map((known) => known.code)
    .join(', ')
  throw new Refusal('not-found', `Unknown store "${code}". Known: ${some}`)
}

function checkAffiliate(ctx: FyndContext, id: string | undefined): string {
  const own = ctx.credentials.affiliate_id
  if (id === undefined || id === own) return own
  if (!ctx.state.bystanders.has(id)) {
    throw new Refusal(
      'not-found',
      `Unknown affiliate "${id}". Known: ${own} and those that were created`,
    )
  }
  return id
}
