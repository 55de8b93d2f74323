import { isCancelled, konnectStatusOf } from './rules/oms-machine.ts'
import { locationOf } from './rules/stock.ts'
import { type KonnectContext, type Order, type OrderItem, piecesOf } from './state.ts'
import { writeOrderTime } from './times.ts'

/** The word that partners read; an accepted return has two (facts/konnect.md 2.31). */
export function statusWord(ctx: KonnectContext, order: Order): string {
  const word = konnectStatusOf[order.state]
  return word === 'RETURN_COMPLETED' ? ctx.assumptions.accepted_status : word
}

/** The order of facts/konnect.md 2.18: camelCase, ids as strings, `is_self_ship` as the only exception. Amounts in rupees. */
export function renderOrder(ctx: KonnectContext, order: Order): object {
  const { courier } = order
  return {
    id: order.id,
    forwardId: order.forwardId,
    marketplaceOrderId: order.marketplaceOrderId,
    marketplaceReturnId: order.marketplaceReturnId,
    marketplaceInvoiceNumber: order.invoice?.number ?? null,
    shippingAddress: renderAddress(order),
    billingAddress: renderAddress(order),
    multiPackShipment: order.packages.length > 1,
    packages: order.packages.map((each) => ({ ...each })),
    fulfillmentType: order.isSelfShip ? 'sellerFulfilled' : 'marketplaceFulfilled',
    sellerInvoiced: order.invoice !== null,
    courierName: courier?.name ?? null,
    courierCode: courier?.code ?? null,
    awbNumber: courier ? [courier.awb] : [],
    additionalInfo: order.note?.remark ?? '',
    orderPrice: renderPrice(order),
    orderItems: order.items.map((item) => renderItem(order, item)),
    orderStatus: statusWord(ctx, order),
    orderDate: writeOrderTime(order.createdMs),
    orderingChannel: order.channel,
    is_self_ship: order.isSelfShip,
    locationCode: order.location,
    lockStatus: order.isLocked,
    documents: [order.invoice, order.creditNote].flatMap((document) =>
      document ? [{ documentType: document.type, documentNumber: document.number }] : [],
    ),
  }
}

/** `{ orders: [...] }` of Get Shipment Info: light, with lock and time limit (2.19). */
export function renderInfo(ctx: KonnectContext, order: Order): object {
  const due = writeOrderTime(order.createdMs + ctx.assumptions.sla_hours * 3_600_000)
  return {
    id: order.id,
    orderStatus: statusWord(ctx, order),
    orderType: order.state.startsWith('rto') ? 'RTO' : order.journey.toUpperCase(),
    sla: due,
    lockStatus: order.isLocked,
    processingDueTime: due,
  }
}

const renderAddress = (order: Order) => ({
  name: 'Asha Example',
  addressLine1: '12 Example Road',
  addressLine2: '',
  landmark: '',
  city: order.city,
  state: 'Karnataka',
  pincode: order.pincode,
  country: 'India',
  phone: '9000000001',
  email: 'asha@shop.example',
})

function renderPrice(order: Order) {
  const sum = (of: (item: OrderItem) => number) =>
    order.items.reduce((total, item) => total + of(item) * shownPieces(order, item), 0)
  const mrpMinor = sum((item) => item.mrpMinor)
  const espMinor = sum((item) => item.espMinor)
  return {
    mrpTotal: mrpMinor / 100,
    discount: (mrpMinor - espMinor) / 100,
    deliveryCharge: 0,
    codCharge: 0,
    taxAmount: sum((item) => taxMinor(item)) / 100,
    amountPaid: order.isCod ? 0 : espMinor / 100,
    currency: 'INR',
    paymentMode: order.isCod ? 'COD' : 'PREPAID',
  }
}

/** What is left of an item; of an order that is cancelled as a whole, what it was. Every amount is made of the same pieces. */
const shownPieces = (order: Order, item: OrderItem): number =>
  isCancelled.has(order.state) ? item.quantity : piecesOf(item)

const renderItem = (order: Order, item: OrderItem) => ({
  orderItemId: item.id,
  sku: item.sku,
  itemName: item.name,
  size: item.size,
  quantity: shownPieces(order, item),
  itemStatus: piecesOf(item) === 0 ? 'CANCELLED' : konnectStatusOf[order.state],
  hsnCode: item.hsCode,
  price: {
    mrp: item.mrpMinor / 100,
    esp: item.espMinor / 100,
    discount: (item.mrpMinor - item.espMinor) / 100,
    tax: taxMinor(item) / 100,
    total: (item.espMinor * shownPieces(order, item)) / 100,
    currency: 'INR',
  },
  cancellationReason: item.cancelReason,
})

/** Prices include a tax of 5 %. */
const taxMinor = (item: OrderItem): number => Math.round((item.espMinor * 5) / 105)

/** Where the parcel is, as a JSON text of coordinates (2.30). */
export function renderPosition(ctx: KonnectContext, order: Order): string {
  const { latitude, longitude } = locationOf(ctx, order.location)
  return JSON.stringify({ lat: latitude, lng: longitude })
}
