import { ok } from '../../core/answer.ts'
import { defineOperations } from '../../core/partner.ts'
import { Refusal } from '../../core/refusal.ts'
import { accountOf } from '../rules/channels.ts'
import { acceptOrder, type OrderRequest } from '../rules/orders.ts'
import type { ArvindTypes } from '../state.ts'

/** The order as the document has checked it, as far as it is read; all the rest may be there and is ignored. */
interface Body {
  orderReference: string
  orderReference2?: string | null
  orderStatus?: string | null
  grossValue?: number | null
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
    grossAmount?: number | null
    discount?: number | null
    shippingAmount?: number | null
    financialStatus: { amount: number; paymentMode: string }[]
    productDetails?: { skuId?: string | null } | null
  }[]
}

/** facts/arvind.md 3.3. */
export const orderOperations = defineOperations<ArvindTypes>({
  pushOrder: ({ ctx, body, auth }) => {
    const given = body as Body
    checkRepeated(given)
    const isStrict = ctx.assumptions.push_checks === 'all'
    if (isStrict) checkForm(given)
    const { channelId } = accountOf(ctx, auth.channelId, {
      channelId: given.channelId,
      orderingStoreId: given.orderingStoreId,
      warehouseIds: given.items.map(({ warehouseId }) => warehouseId),
    })
    const { order, isDuplicate } = acceptOrder(ctx, channelId, {
      ...parseOrder(given),
      pairs: isStrict ? pairsOf(given) : [],
    })
    return ok({
      status: true,
      message: isDuplicate ? 'Order exists' : 'Order accepted',
      // Consignments appear later, in look-ups and webhooks: acceptance is asynchronous.
      data: { orderId: order.id, orderReference: order.orderReference, consignments: [] },
    })
  },
})

function parseOrder(body: Body): Omit<OrderRequest, 'pairs'> {
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
    netMinor: toMinor(body.netAmount),
    pincode: body.shippingAddress.zip,
    lines: body.items.map((item) => ({
      itemReference: item.itemReference,
      itemId: item.itemId ?? item.itemReference,
      skuId: item.skuId,
      quantity: item.quantity,
      netMinor: toMinor(item.netAmount),
    })),
  }
}

/** Partner: both ids are sent twice (facts/arvind.md 3.3). */
function checkRepeated({ orderReference, orderReference2, items }: Body): void {
  if (orderReference2 != null && orderReference2 !== orderReference) {
    throw new Refusal('invalid', 'orderReference2 is not orderReference')
  }
  for (const [index, { skuId, productDetails }] of items.entries()) {
    const other = productDetails?.skuId ?? skuId
    if (other === skuId) continue
    throw new Refusal('invalid', `items/${index}/productDetails/skuId is not ${skuId}`)
  }
}

/** ASSUMED: the one word that the sample knows, and no part of a paisa. */
function checkForm({ orderStatus, netAmount, items }: Body): void {
  if (orderStatus != null && orderStatus !== 'processing') {
    throw new Refusal('invalid', 'orderStatus: only "processing" is taken')
  }
  const amounts = [
    netAmount,
    ...items.flatMap((item) => [
      item.netAmount,
      ...item.financialStatus.map(({ amount }) => amount),
    ]),
  ]
  const broken = amounts.find((amount) => Math.abs(amount * 100 - toMinor(amount)) > 1e-3)
  if (broken !== undefined) throw new Refusal('invalid', `${broken}: at most two decimals`)
}

/** ASSUMED: amounts that say the same must be the same. What is not sent is not compared. */
function pairsOf({ grossValue, items }: Body): OrderRequest['pairs'] {
  const gross = items.map(({ grossAmount }) => grossAmount ?? null)
  const grossMinor = gross.reduce<number>((sum, each) => sum + toMinor(each ?? 0), 0)
  const isWhole = grossValue != null && !gross.includes(null)
  return [
    ...(isWhole
      ? [{ what: 'grossValue', givenMinor: toMinor(grossValue), wantedMinor: grossMinor }]
      : []),
    ...items.flatMap((item) => {
      const netMinor = toMinor(item.netAmount)
      const { itemReference, grossAmount, discount, shippingAmount, financialStatus } = item
      const paidMinor = financialStatus.reduce((sum, { amount }) => sum + toMinor(amount), 0)
      const paid = { what: `financialStatus of ${itemReference}`, givenMinor: paidMinor }
      const pairs = [{ ...paid, wantedMinor: netMinor }]
      // Whether the way is in it nobody says.
      if (grossAmount == null || discount == null || (shippingAmount ?? 0) !== 0) return pairs
      const lessMinor = toMinor(grossAmount) - toMinor(discount)
      const less = { what: `grossAmount less discount of ${itemReference}`, givenMinor: lessMinor }
      return [...pairs, { ...less, wantedMinor: netMinor }]
    }),
  ]
}

const toMinor = (rupees: number): number => Math.round(rupees * 100)
