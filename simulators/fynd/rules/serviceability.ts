import type { Pincode } from '../catalogue.ts'
import { type FyndContext, pincodeOf } from '../state.ts'
import { writeDay } from '../times.ts'
import { seekStores } from './allocation.ts'
import { offers, skuOf } from './stock.ts'

export interface Question {
  pincode: string
  /** Null: both are asked. */
  paymentMode: 'COD' | 'PREPAID' | null
  /** In paise; undefined: not told, so no COD limit applies. */
  valueMinor: number | undefined
  lines: readonly { sku: string; quantity: number }[]
}

export interface DeliveryPromise {
  timestamp: { min: number; max: number }
  formatted: { min: string; max: string }
}

export interface ItemVerdict {
  sku: string
  quantity: number
  message: string
  deliverable: boolean
  isOutOfStock: boolean
  isValid: boolean
  /** Sellable in stores other than the one that has most of it. */
  otherStoreQuantity: number
  promise: DeliveryPromise | null
}

export interface Verdict {
  isKnown: boolean
  isValid: boolean
  message: string
  isCodAvailable: boolean
  city: string
  items: ItemVerdict[]
  promise: DeliveryPromise | null
  error: { type: string; value: string; message: string } | null
}

const dayMs = 86_400_000

/** F3: may this cart go to this pincode? Pure; "no" is an answer, not a refusal (facts/fynd.md F3, texts public). */
export function judgeCart(ctx: FyndContext, question: Question): Verdict {
  const { pincode } = question
  const place = pincodeOf(ctx, pincode)
  if (!place?.deliverable) return undeliverable(ctx, question, place)
  const items = judgeItems(ctx, question, place)
  const cod = judgeCod(ctx, question, place)
  const isCodRefused = question.paymentMode === 'COD' && cod !== null
  const nothingGoes = items.every((item) => !item.deliverable)
  const isStrict = ctx.assumptions.serviceability_top_flag === 'strict'
  const firstBad = items.find((item) => !item.isValid)
  // Partner: the top flag of a deliverable pincode is true whatever the items' stock (facts/fynd.md 7).
  const isValid = !isCodRefused && !nothingGoes && !(isStrict && firstBad)
  let message = ''
  if (nothingGoes) message = `All of the items in your cart are not deliverable to ${pincode}`
  else if (isCodRefused) message = cod
  else if (isStrict && firstBad) message = firstBad.message
  return {
    isKnown: true,
    isValid,
    message,
    isCodAvailable: cod === null,
    city: place.city,
    items,
    promise: isValid ? promiseFor(place, ctx.nowMs) : null,
    error: null,
  }
}

function undeliverable(
  ctx: FyndContext,
  { pincode, lines }: Question,
  place: Pincode | undefined,
): Verdict {
  const itemMessage = place
    ? `We are not delivering to ${pincode}`
    : `pincode ${pincode} does not exist`
  return {
    isKnown: place !== undefined,
    isValid: false,
    message: place
      ? `All of the items in your cart are not deliverable to ${pincode}`
      : itemMessage,
    isCodAvailable: ctx.assumptions.cod_flag_when_undeliverable,
    city: place?.city ?? '',
    items: judgeStock(ctx, lines, pincode).map((stock) => ({
      ...stock,
      message: itemMessage,
      deliverable: false,
      isValid: false,
      promise: null,
    })),
    promise: null,
    error: place ? null : { type: 'DoesNotExist', value: pincode, message: itemMessage },
  }
}

function judgeItems(ctx: FyndContext, question: Question, place: Pincode): ItemVerdict[] {
  return judgeStock(ctx, question.lines, place.pincode).map((stock) => {
    const deliverable = !skuOf(ctx, stock.sku)?.undeliverableTo.includes(place.pincode)
    const isValid = deliverable && !stock.isOutOfStock
    let message = ''
    if (!deliverable) message = `We are not delivering to ${place.pincode}`
    else if (stock.isOutOfStock) message = 'Out of stock. Please remove item'
    const promise = isValid ? promiseFor(place, ctx.nowMs) : null
    return { message, deliverable, ...stock, isValid, promise }
  })
}

/**
 * Whether F4 would find the pieces of each line: a line that is split into bags of one may come from several stores, a bag that is a line
 * needs one store that holds it (`bag_unit`). Two lines of one SKU eat from the same shelf.
 */
function judgeStock(ctx: FyndContext, lines: Question['lines'], pincode: string) {
  const isWhole = ctx.assumptions.bag_unit === 'line'
  const stores = isWhole ? seekStores(ctx, lines, pincode) : []
  const asked = new Map<string, number>()
  return lines.map(({ sku, quantity }, index) => {
    const inAll = (asked.get(sku) ?? 0) + quantity
    asked.set(sku, inAll)
    const counts = offers(ctx, sku).map((row) => row.sellable)
    const total = counts.reduce((sum, count) => sum + count, 0)
    return {
      sku,
      quantity,
      isOutOfStock: isWhole ? stores[index] === undefined : total < inAll,
      otherStoreQuantity: counts.length > 0 ? total - Math.max(...counts) : 0,
    }
  })
}

/** Why COD is not possible, in words for the customer; null: it is. */
function judgeCod(ctx: FyndContext, { valueMinor }: Question, place: Pincode): string | null {
  const limit = ctx.assumptions.cod_limit
  if (!place.cod) return `COD is not available for ${place.pincode}`
  if (limit !== null && valueMinor !== undefined && valueMinor > Math.round(limit * 100)) {
    return `COD is not available above ${limit}`
  }
  return null
}

/** Between these days the parcel should be there, counted from `fromMs`. */
export function promiseFor(place: Pincode, fromMs: number): DeliveryPromise {
  const minMs = fromMs + place.daysMin * dayMs
  const maxMs = fromMs + place.daysMax * dayMs
  return {
    timestamp: { min: Math.floor(minMs / 1000), max: Math.floor(maxMs / 1000) },
    formatted: { min: writeDay(minMs), max: writeDay(maxMs) },
  }
}
