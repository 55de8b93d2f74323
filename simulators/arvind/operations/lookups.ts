import { ok } from '../../core/answer.ts'
import { defineOperations } from '../../core/partner.ts'
import { Refusal } from '../../core/refusal.ts'
import { accountOf } from '../rules/channels.ts'
import {
  type ArvindContext,
  type ArvindTypes,
  type Consignment,
  findOrder,
  type Item,
  type Order,
} from '../state.ts'
import { writeUtc } from '../times.ts'
import { consignmentStatus, orderStatus } from '../view.ts'

/** Public look-ups, useful in tests; Kartify is not said to call them (facts/arvind.md 3.4). */
export const lookupOperations = defineOperations<ArvindTypes>({
  trackOrder: ({ ctx, query, auth }) => {
    const order = orderOf(ctx, auth.channelId, String(query.orderReference))
    return ok({
      data: {
        ...renderOrder(order),
        consignments: order.consignments.map((consignment) => ({
          ...renderConsignment(ctx, order, consignment),
          consignmentStatus: consignmentStatus(ctx, order, consignment),
        })),
      },
    })
  },

  getOrderDetails: ({ ctx, path, auth }) => {
    const { channelId } = accountOf(ctx, auth.channelId, { channelId: path.channel_id })
    const order = orderOf(ctx, channelId, path.order_reference ?? '')
    return ok({
      ...renderOrder(order),
      consignments: order.consignments.map((consignment) => ({
        ...renderConsignment(ctx, order, consignment),
        ...placeStatus(ctx, consignmentStatus(ctx, order, consignment)),
      })),
    })
  },
})

function orderOf(ctx: ArvindContext, channelId: string, orderReference: string): Order {
  const order = findOrder(ctx, channelId, orderReference)
  if (order) return order
  throw new Refusal('not-found', `Order ${orderReference} does not exist`, {
    code: 'ORDER_NOT_FOUND',
  })
}

// Partner: clients have to try three places (facts/arvind.md 3.4).
function placeStatus(ctx: ArvindContext, status: string): object {
  const at = ctx.assumptions.consignment_status_at
  if (at === 'data') return { data: { consignmentStatus: status } }
  return at === 'status' ? { status } : { consignmentStatus: status }
}

const renderOrder = (order: Order): object => ({
  orderId: order.id,
  orderReference: order.orderReference,
  channelId: order.channelId,
  orderingCenter: { fcid: order.orderingStoreId },
  orderStatus: orderStatus(order),
  items: order.items.map(renderItem),
})

const renderItem = (item: Item): object => ({
  itemReference: item.itemReference,
  skuId: item.skuId,
  quantity: item.quantity,
  status: item.status,
  consignmentId: item.consignmentId,
  deliveredDate: item.deliveredAtMs === null ? null : writeUtc(item.deliveredAtMs),
})

function renderConsignment(ctx: ArvindContext, order: Order, consignment: Consignment): object {
  const items = order.items.filter((item) => item.consignmentId === consignment.id)
  return {
    consignmentId: consignment.id,
    ffCenterId: consignment.centre,
    invoiceNumber: consignment.invoiceNumber,
    awbNumber: consignment.courier?.awb ?? null,
    courierName: consignment.courier?.name ?? null,
    items: items.map(({ itemReference }) => itemReference),
    history: renderHistory(ctx, items[0]),
  }
}

/** The public names of history rows; that of the first item stands for the consignment. */
const renderHistory = (ctx: ArvindContext, item: Item | undefined): object[] =>
  (item?.history ?? []).map((entry, index, all) => ({
    ffCenter: nameOf(ctx, entry.centre),
    ffCenterId: entry.centre,
    fromState: all[index - 1]?.status ?? null,
    toState: entry.status,
    comment: entry.comment,
    reason: entry.reason,
    time: entry.atMs,
  }))

const nameOf = (ctx: ArvindContext, centre: string | null): string | null =>
  centre === null ? null : (ctx.catalogue.centresByCode.get(centre)?.name ?? centre)
