import type { Pincode } from '../catalogue.ts'
import { type ArvindContext, pincodeOf } from '../state.ts'
import { sellableTotal } from './stock.ts'

/** Why an item cannot be had, in the words of facts/arvind.md 3.2. */
export type Reason =
  | 'UNKNOWN_SKU'
  | 'PINCODE_NOT_SERVICEABLE'
  | 'COD_NOT_AVAILABLE'
  | 'INSUFFICIENT_INVENTORY'

export interface Question {
  pincode: string
  isCod: boolean
  lines: readonly { skuId: string; quantity: number }[]
}

export interface LineVerdict {
  skuId: string
  quantity: number
  available: number
  /** It may be sent there and paid that way; says nothing about stock. */
  isServiceable: boolean
  isInStock: boolean
  reason: Reason | null
}

export interface Verdict {
  isServiceable: boolean
  isCodAvailable: boolean
  place: Pincode | undefined
  lines: LineVerdict[]
}

/** May this cart go to this pincode, and is it there? Pure; order push asks the same question (facts/arvind.md 3.2, 3.3). */
export function judgeCart(ctx: ArvindContext, question: Question): Verdict {
  const place = pincodeOf(ctx, question.pincode)
  const asked = new Map<string, number>()
  const lines = question.lines.map(({ skuId, quantity }): LineVerdict => {
    // Two lines of one SKU eat from the same shelf.
    const inAll = (asked.get(skuId) ?? 0) + quantity
    asked.set(skuId, inAll)
    const available = sellableTotal(ctx, skuId)
    const isInStock = available >= inAll
    const blocked = whyBlocked(ctx, question, place, skuId)
    const reason = blocked ?? (isInStock ? null : 'INSUFFICIENT_INVENTORY')
    return { skuId, quantity, available, isServiceable: blocked === null, isInStock, reason }
  })
  const isCodAvailable = place?.deliverable === true && place.cod
  const isAllowed = place?.deliverable === true && (!question.isCod || isCodAvailable)
  return {
    isServiceable: isAllowed && lines.every(({ reason }) => reason === null),
    isCodAvailable,
    place,
    lines,
  }
}

function whyBlocked(
  ctx: ArvindContext,
  { pincode, isCod }: Question,
  place: Pincode | undefined,
  skuId: string,
): Reason | null {
  const sku = ctx.catalogue.skus.get(skuId)
  if (!sku) return 'UNKNOWN_SKU'
  if (!place?.deliverable || sku.undeliverableTo.includes(pincode)) return 'PINCODE_NOT_SERVICEABLE'
  return isCod && !place.cod ? 'COD_NOT_AVAILABLE' : null
}
