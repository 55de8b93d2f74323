import { ok } from '../../core/answer.ts'
import { defineOperations } from '../../core/partner.ts'
import type { Pincode } from '../catalogue.ts'
import { accountOf } from '../rules/channels.ts'
import { judgeCart, type LineVerdict, type Verdict } from '../rules/serviceability.ts'
import type { ArvindContext, ArvindTypes } from '../state.ts'
import { writeDays } from '../times.ts'

interface Body {
  location: string
  channelId?: string | null
  orderingStoreId?: string | null
  paymentMode?: 'COD' | 'PREPAID' | null
  items?: { skuId: string; quantity: number; warehouseId?: string | null }[] | null
}

/** facts/arvind.md 3.2: "no" is an answer, not a refusal. */
export const serviceabilityOperations = defineOperations<ArvindTypes>({
  checkServiceability: ({ ctx, body, auth }) => {
    const { location, channelId, orderingStoreId, paymentMode, items } = body as Body
    const lines = items ?? []
    const warehouseIds = lines.flatMap(({ warehouseId }) => (warehouseId ? [warehouseId] : []))
    accountOf(ctx, auth.channelId, { channelId, orderingStoreId, warehouseIds })
    const verdict = judgeCart(ctx, { pincode: location, isCod: paymentMode === 'COD', lines })
    return ok({
      status: true,
      message: sayVerdict(verdict, location),
      data: {
        serviceable: verdict.isServiceable,
        codAvailable: verdict.isCodAvailable,
        items: verdict.lines.map((line) => renderLine(line, verdict)),
        // Asked about the pincode alone, the answer says who would deliver there.
        ...(lines.length === 0 && { stores: renderStores(ctx, verdict) }),
      },
    })
  },
})

function sayVerdict(verdict: Verdict, location: string): string {
  if (verdict.isServiceable) return 'Serviceable'
  const bad = verdict.lines.find(({ reason }) => reason !== null)
  if (bad?.reason === 'UNKNOWN_SKU') return `Unknown SKU ${bad.skuId}`
  if (bad?.reason === 'INSUFFICIENT_INVENTORY') {
    return `${bad.skuId}: ${bad.available} left, ${bad.quantity} asked for`
  }
  if (verdict.place?.deliverable && bad?.reason !== 'PINCODE_NOT_SERVICEABLE') {
    return `Cash on delivery is not available at ${location}`
  }
  return `Not serviceable at ${location}`
}

const renderLine = (line: LineVerdict, verdict: Verdict): object => ({
  skuId: line.skuId,
  requestedQuantity: line.quantity,
  availableQuantity: line.available,
  serviceable: line.isServiceable,
  inventoryAvailable: line.isInStock,
  reason: line.reason,
  deliveryModes:
    line.reason === null && verdict.place ? renderModes(verdict.place, verdict.isCodAvailable) : [],
})

/** The names are public (facts/arvind.md 3.2), the two modes ASSUMED. */
function renderModes(place: Pincode, isCodAvailable: boolean): object[] {
  const usual = {
    deliveryType: 'HOME_DELIVERY',
    deliveryTime: writeDays(place.days),
    deliveryCost: { currencyIso: 'INR', value: 0 },
    courierName: 'Paper Plane Logistics',
  }
  const prepaid = { deliveryId: 'STD-PREPAID', ...usual, paymentType: 'PREPAID' }
  const cod = { deliveryId: 'STD-COD', ...usual, paymentType: 'COD' }
  return isCodAvailable ? [prepaid, cod] : [prepaid]
}

function renderStores(ctx: ArvindContext, verdict: Verdict): object[] {
  if (!verdict.place?.deliverable) return []
  const off = ctx.state.centresOff
  return ctx.catalogue.centres
    .filter(({ code }) => !off.has(code))
    .map(({ code, name, pincode }) => ({ storeId: code, name, pincode }))
}
