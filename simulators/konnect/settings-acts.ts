import { z } from 'zod'
import type { Act } from '../core/partner.ts'
import { Refusal } from '../core/refusal.ts'
import { loginOf, revokeTokens } from './auth.ts'
import type { Sku } from './catalogue.ts'
import { konnectAct } from './konnect-act.ts'
import { findSku } from './rules/stock.ts'
import { aggregators, type KonnectContext, type KonnectTypes } from './state.ts'

const text = z.string().min(1).max(100)
const aggregator = z.enum(aggregators).default('fyndkonnect').describe('Which sandbox')

/** What people do on the screens of Konnect and Fynd Commerce. */
export const settingsActs: Record<string, Act<KonnectTypes>> = {
  'konnect.login.show': konnectAct({
    about: 'Shows username and password: of the company, or of one location (Show Token).',
    input: z.strictObject({ aggregator, location: text.optional() }),
    apply: (ctx, { aggregator: name, location }) => {
      if (location !== undefined) checkLocation(ctx, location)
      return loginOf(ctx, name, location ?? null)
    },
  }),
  'konnect.token.revoke': konnectAct({
    about: 'Access tokens die before their time: all, those of a sandbox, or those of a location.',
    input: z.strictObject({
      aggregator: z.enum(aggregators).optional(),
      location: text.optional(),
    }),
    apply: (ctx, input) => {
      if (input.location !== undefined) checkLocation(ctx, input.location)
      const revoked = revokeTokens(ctx, input)
      const isAll = input.aggregator === undefined && input.location === undefined
      if (isAll) ctx.state.isConsoleTokenDead = true
      ctx.record('konnect.token.revoked', { ...input, revoked })
      return { revoked }
    },
  }),
  'konnect.location.configure': konnectAct({
    about: 'The merchant lets Fynd invoice and credit by itself at a location, or does it alone.',
    input: z.strictObject({
      location: text,
      auto_invoice: z.boolean().optional(),
      auto_credit_note: z.boolean().optional(),
    }),
    apply: (ctx, input) => {
      checkLocation(ctx, input.location)
      const before = ctx.state.settings.get(input.location)
      const settings = {
        autoInvoice: input.auto_invoice ?? before?.autoInvoice ?? false,
        autoCreditNote: input.auto_credit_note ?? before?.autoCreditNote ?? false,
      }
      ctx.state.settings.set(input.location, settings)
      const facts = {
        location: input.location,
        auto_invoice: settings.autoInvoice,
        auto_credit_note: settings.autoCreditNote,
      }
      ctx.record('konnect.location.configured', facts)
      return facts
    },
  }),
  'konnect.category.rename': konnectAct({
    about: 'A level-3 category gets another name on one sales channel.',
    input: z.strictObject({ category_uid: z.int(), channel: text.default('FYND'), name: text }),
    apply: (ctx, input) => {
      const category = ctx.catalogue.categories.find(({ uid }) => uid === input.category_uid)
      if (category?.level !== 3) {
        throw new Refusal('not-found', `No level-3 category ${input.category_uid}`)
      }
      ctx.state.categoryNames.set(`${input.channel}/${category.uid}`, input.name)
      ctx.record('konnect.category.renamed', input)
      return input
    },
  }),
  'konnect.article.set-batch': konnectAct({
    about: 'A SKU is kept in batches (as medicine and food are), or no longer.',
    input: z.strictObject({ sku: text, batch: z.boolean().default(true) }),
    apply: (ctx, input) => {
      const sku = checkSku(ctx, input.sku)
      ctx.state.batchArticles.set(sku.sku, input.batch)
      ctx.record('konnect.article.batch-set', input)
      return input
    },
  }),
}

export function checkLocation(ctx: KonnectContext, code: string): void {
  if (ctx.catalogue.locationsByCode.has(code)) return
  const some = ctx.catalogue.locations.slice(0, 8).map((known) => known.code)
  throw new Refusal('not-found', `Unknown location "${code}". Known: ${some.join(', ')}`)
}

export function checkSku(ctx: KonnectContext, code: string): Sku {
  const sku = findSku(ctx, code)
  if (sku) return sku
  const some = [...ctx.catalogue.skus.keys()].slice(0, 8)
  throw new Refusal('not-found', `Unknown SKU "${code}". Known: ${some.join(', ')}, …`)
}
