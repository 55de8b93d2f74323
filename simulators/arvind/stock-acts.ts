import { z } from 'zod'
import type { Act } from '../core/partner.ts'
import { Refusal } from '../core/refusal.ts'
import { arvindAct } from './arvind-act.ts'
import { noteChange, pushAll, pushSkus, sendRows } from './rules/inventory-push.ts'
import { adjustSellable, movePieces, rowAt, sellableTotal, skusAt } from './rules/stock.ts'
import { updateInventoryUrl } from './site.ts'
import { type ArvindContext, type ArvindTypes, rulesOf } from './state.ts'

const skuId = z.string().min(1).max(100).describe('SKU, for example TEE-M')
const centre = z.string().min(1).max(100).describe('Fulfilment centre, for example BLR-01')
const pieces = z.int().min(0).max(1_000_000_000)

const rowInput = z.strictObject({
  skuId,
  quantity: z.int().min(-1_000_000_000).max(1_000_000_000),
  updatedAt: z.int().min(0).optional().describe('Epoch milliseconds; an old one is stale'),
})

const inventoryActs: Record<string, Act<ArvindTypes>> = {
  'arvind.inventory.set': arvindAct({
    about:
      'What a centre can sell of a SKU is exactly this many from now on; without a centre: the total, all at one centre.',
    input: z.strictObject({ skuId, centre: centre.optional(), quantity: pieces }),
    apply: (ctx, input) => {
      if (input.centre === undefined) return setTotal(ctx, input.skuId, input.quantity)
      const place = { skuId: input.skuId, centre: input.centre }
      checkPlace(ctx, place)
      return adjust(ctx, place, input.quantity - sellableAt(ctx, place))
    },
  }),
  'arvind.inventory.adjust': arvindAct({
    about:
      'Pieces come to a centre or leave it outside of any order (a delivery, a sale at a till).',
    input: z.strictObject({ skuId, centre, by: z.int().min(-1_000_000_000).max(1_000_000_000) }),
    apply: (ctx, { by, ...place }) => {
      checkPlace(ctx, place)
      return adjust(ctx, place, by)
    },
  }),
  'arvind.inventory.damage': arvindAct({
    about: 'Sellable pieces of a centre turn out to be damaged.',
    input: z.strictObject({ skuId, centre, quantity: pieces.min(1) }),
    apply: (ctx, { quantity, ...place }) => {
      checkPlace(ctx, place)
      const sellable = sellableAt(ctx, place)
      if (sellable < quantity) throw tooFew(place, quantity, sellable)
      movePieces(ctx, place, { from: 'sellable', to: 'unavailable', quantity })
      return { ...place, sellable: sellable - quantity }
    },
  }),
  'arvind.inventory.push': arvindAct({
    about:
      'Arvind pushes the absolute quantities of these SKUs (all, when none is named) to the shop now.',
    input: z.strictObject({ skuIds: z.array(skuId).min(1).max(10_000).optional() }),
    apply: (ctx, { skuIds }) => {
      for (const each of skuIds ?? []) checkSku(ctx, each)
      checkReceiver(ctx)
      return skuIds ? pushSkus(ctx, [...new Set(skuIds)]) : pushAll(ctx)
    },
  }),
  'arvind.inventory.send': arvindAct({
    about:
      'One update inventory call exactly as given, right or wrong: unknown SKUs, doubles, old times, too many rows, other ids.',
    input: z.strictObject({
      inventories: z.array(rowInput).max(1_000),
      fillTo: z
        .int()
        .min(1)
        .max(1_000)
        .optional()
        .describe('Made-up SKUs follow until there are so many rows'),
      channelId: z.string().min(1).max(100).optional(),
      warehouseId: z.string().min(1).max(100).optional(),
    }),
    apply: (ctx, { inventories, fillTo = 0, channelId, warehouseId }) => {
      checkReceiver(ctx)
      const rows = inventories.map(({ updatedAt, ...row }) =>
        updatedAt === undefined ? row : { ...row, updatedAt },
      )
      while (rows.length < fillTo) rows.push({ skuId: `MADE-UP-${rows.length + 1}`, quantity: 1 })
      return { eventId: sendRows(ctx, rows, { channelId, warehouseId }) }
    },
  }),
}

const placeActs: Record<string, Act<ArvindTypes>> = {
  'arvind.sku.set-rules': arvindAct({
    about: "The brand's rules for a SKU: whether the customer can cancel it or send it back.",
    input: z.strictObject({
      skuId,
      cancellable: z.boolean().optional().describe('Left out: as before'),
      returnable: z.boolean().optional().describe('Left out: as before'),
    }),
    apply: (ctx, input) => {
      checkSku(ctx, input.skuId)
      const before = rulesOf(ctx, input.skuId)
      const rules = {
        cancellable: input.cancellable ?? before.cancellable,
        returnable: input.returnable ?? before.returnable,
      }
      ctx.state.skuRules.set(input.skuId, rules)
      ctx.record('arvind.sku.rules-set', { skuId: input.skuId, ...rules })
      return { skuId: input.skuId, ...rules }
    },
  }),
  'arvind.centre.switch-off': arvindAct({
    about: 'A centre stops selling online: its pieces are not counted, it gets no new items.',
    input: z.strictObject({ centre }),
    apply: (ctx, input) => {
      checkCentre(ctx, input.centre)
      if (ctx.state.centresOff.has(input.centre)) {
        throw new Refusal('conflict', `${input.centre} is switched off already`)
      }
      ctx.state.centresOff.add(input.centre)
      return noteCentre(ctx, input.centre, 'arvind.centre.switched-off')
    },
  }),
  'arvind.centre.switch-on': arvindAct({
    about: 'A centre that was switched off sells online again.',
    input: z.strictObject({ centre }),
    apply: (ctx, input) => {
      checkCentre(ctx, input.centre)
      if (!ctx.state.centresOff.delete(input.centre)) {
        throw new Refusal('conflict', `${input.centre} is switched on already`)
      }
      return noteCentre(ctx, input.centre, 'arvind.centre.switched-on')
    },
  }),
  'arvind.pincode.set': arvindAct({
    about: 'What Arvind knows of a pincode: may be delivered to, with COD, with reverse pickup.',
    input: z.strictObject({
      pincode: z.string().regex(/^[1-9][0-9]{5}$/, 'six digits, the first not 0'),
      city: z.string().min(1).max(100).default('Exampleville'),
      deliverable: z.boolean().default(true),
      cod: z.boolean().default(true),
      reverse: z.boolean().default(true),
    }),
    apply: (ctx, input) => {
      ctx.state.pincodes.set(input.pincode, { ...input, days: 4 })
      ctx.record('arvind.pincode.set', input)
      return input
    },
  }),
}

export const stockActs: Record<string, Act<ArvindTypes>> = { ...inventoryActs, ...placeActs }

/** Every other centre is emptied, so that one number says what the shop must show. */
function setTotal(ctx: ArvindContext, sku: string, quantity: number): object {
  checkSku(ctx, sku)
  const on = ctx.catalogue.centres.filter(({ code }) => !ctx.state.centresOff.has(code))
  const [first] = on
  if (!first) throw new Refusal('conflict', 'All centres are switched off')
  for (const { code } of ctx.catalogue.centres) {
    const place = { skuId: sku, centre: code }
    const wanted = code === first.code ? quantity : 0
    const by = wanted - sellableAt(ctx, place)
    if (by !== 0) adjust(ctx, place, by)
  }
  return { skuId: sku, quantity: sellableTotal(ctx, sku) }
}

interface Place {
  skuId: string
  centre: string
}

const sellableAt = (ctx: ArvindContext, place: Place): number =>
  rowAt(ctx, place.skuId, place.centre)?.sellable ?? 0

function adjust(ctx: ArvindContext, place: Place, by: number): object {
  const sellable = sellableAt(ctx, place)
  if (sellable + by < 0) throw tooFew(place, -by, sellable)
  const row = adjustSellable(ctx, place.skuId, place.centre, by)
  const facts = { ...place, by, sellable: row.sellable }
  ctx.record('arvind.inventory.adjusted', facts)
  return facts
}

function noteCentre(ctx: ArvindContext, code: string, what: string): object {
  for (const each of skusAt(ctx, code)) noteChange(ctx, each)
  ctx.record(what, { centre: code })
  return { centre: code }
}

const tooFew = (place: Place, quantity: number, sellable: number): Refusal =>
  new Refusal(
    'conflict',
    `${place.centre} can sell ${sellable} of ${place.skuId}, so ${quantity} cannot be taken away`,
  )

function checkPlace(ctx: ArvindContext, place: Place): void {
  checkSku(ctx, place.skuId)
  checkCentre(ctx, place.centre)
}

function checkSku(ctx: ArvindContext, sku: string): void {
  if (ctx.catalogue.skus.has(sku)) return
  const some = [...ctx.catalogue.skus.keys()].slice(0, 8).join(', ')
  throw new Refusal('not-found', `Unknown SKU "${sku}". Known: ${some}, …`)
}

function checkCentre(ctx: ArvindContext, code: string): void {
  if (ctx.catalogue.centresByCode.has(code)) return
  const some = [...ctx.catalogue.centresByCode.keys()].slice(0, 8).join(', ')
  throw new Refusal('not-found', `Unknown centre "${code}". Known: ${some}`)
}

function checkReceiver(ctx: ArvindContext): void {
  if (updateInventoryUrl(ctx) !== undefined) return
  throw new Refusal(
    'conflict',
    'No shop listens: name its arvind site (base_url or update_inventory_url) first',
  )
}
