import { ok } from '../../core/answer.ts'
import { defineOperations } from '../../core/partner.ts'
import { Refusal } from '../../core/refusal.ts'
import { accountOf } from '../rules/channels.ts'
import { acceptOrder, type OrderRequest } from '../rules/orders.ts'
import type { ArvindTypes } from '../state.ts'

/** The order as the document has checked it, as far as it is read; all the rest may be there and is ignored. */
interface Body {
  orderReference: string
  channelId: string
  orderingStoreId: string
  netAmount: number
  shippingAddress: { zip: string }
  items: {
    itemId?: string | null
    itemReference: string
    skuId: string
    warehouseId: string
    quantity: number
    netAmount: number
    financialStatus: { amount: number; paymentMode: string }[]
  }[]
}

/** facts/arvind.md 3.3. */
export const orderOperations = defineOperations<ArvindTypes>({
  pushOrder: ({ ctx, body, auth }) => {
    const given = body as Body
    const { channelId } = accountOf(ctx, auth.channelId, {
      channelId: given.channelId,
      orderingStoreId: given.orderingStoreId,
      warehouseIds: given.items.map(({ warehouseId }) => warehouseId),
    })
    const { order, isDuplicate } = acceptOrder(ctx, channelId, parseOrder(given))
    return ok({
      status: true,
      message: isDuplicate ? 'Order exists' : 'Order accepted',
      // Consignments appear later, in look-ups and webhooks: acceptance is asynchronous.
      data: { orderId: order.id, orderReference: order.orderReference, consignments: [] },
    })
  },
})

function parseOrder(body: Body): OrderRequest {
  const references = new Set(body.items.map(({ itemReference }) => itemReference))
  if (references.size < body.items.length) {
    throw new Refusal('invalid', 'items: two items have the same itemReference')
  }
  return {
    orderReference: body.orderReference,
    orderingStoreId: body.orderingStoreId,
    // ASSUMED: an order of which any part is paid on delivery is a COD order.
    isCod: body.items.some(({ financialStatus }) =>
      financialStatus.some(({ paymentMode }) => paymentMode.toUpperCase() === 'COD'),
    ),
    netMinor: Math.round(body.netAmount * 100),
    pincode: body.shippingAddress.zip,
    lines: body.items.map((item) => ({
      itemReference: item.itemReference,
      itemId: item.itemId ?? item.itemReference,
      skuId: item.skuId,
      quantity: item.quantity,
      netMinor: Math.round(item.netAmount * 100),
    })),
  }
}
