import { z } from 'zod'
import { BadInput } from '../core/bad-input.ts'
import { type OwnCatalogue, parseOwnCatalogue } from '../core/own-catalogue.ts'
import type { Act } from '../core/partner.ts'
import { Refusal } from '../core/refusal.ts'
import { buildCatalogue } from './catalogue.ts'
import { fyndAct } from './fynd-act.ts'
import { noteVisibility } from './rules/stock.ts'
import { catalogueOf, type FyndContext, type FyndTypes } from './state.ts'

const rows = z
  .array(z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])))
  .max(100_000)

const input = z
  .strictObject({
    text: z.string().max(10_000_000).optional().describe('The file: CSV or JSON'),
    stock: rows
      .optional()
      .describe('Or its rows: sku, price, store, quantity; item, size, city, returnable'),
    pincodes: rows.optional().describe('pincode; deliverable, cod, reverse, city'),
  })
  .refine(
    ({ text, stock }) => (text === undefined) !== (stock === undefined),
    'Give exactly one of text, stock',
  )

export const catalogueActs: Record<string, Act<FyndTypes>> = {
  'fynd.catalogue.load': fyndAct({
    about:
      "The user's own stores, SKUs, stock and pincodes replace all that there are; only before the first order.",
    input,
    apply: load,
  }),
}

function load(ctx: FyndContext, given: z.output<typeof input>): object {
  const { state } = ctx
  if (state.orders.size > 0) {
    throw new Refusal('conflict', 'There are orders already: load a catalogue before the first one')
  }
  const before = [...catalogueOf(ctx).skus.keys()]
  const catalogue = buildCatalogue({}, read(given))
  state.catalogue = catalogue
  state.stock.clear()
  state.inactiveSkus.clear()
  state.storesOff.clear()
  state.pincodes.clear()
  // Whoever synced before hears of what is gone and of what is new.
  for (const sku of new Set([...before, ...catalogue.skus.keys()])) noteVisibility(ctx, sku)
  const facts = {
    skus: catalogue.skus.size,
    stores: catalogue.stores.map((store) => store.code),
    pincodes: catalogue.pincodes.size,
  }
  ctx.record('fynd.catalogue.loaded', facts)
  return facts
}

function read({ text, stock, pincodes = [] }: z.output<typeof input>): OwnCatalogue {
  try {
    return parseOwnCatalogue(text ?? JSON.stringify({ stock, pincodes }), 'catalogue')
  } catch (error) {
    if (error instanceof BadInput) throw new Refusal('invalid', error.message)
    throw error
  }
}
