import { z } from 'zod'

const textOrNull = z
  .string()
  .nullish()
  .transform((value) => value ?? null)

/** Ids are strings: twenty digits do not fit a number, so a number here has lost its tail already (konnect.md 2.18). */
const id = z.string().min(1).max(100)

const line = z.looseObject({
  orderItemId: id,
  sku: z.string().min(1).max(200),
  quantity: z.int().nonnegative(),
  itemStatus: textOrNull,
})

const orderShape = z.looseObject({
  id,
  forwardId: textOrNull,
  marketplaceOrderId: textOrNull,
  marketplaceReturnId: textOrNull,
  marketplaceInvoiceNumber: textOrNull,
  orderStatus: z.string().min(1).max(100),
  orderDate: textOrNull,
  orderingChannel: textOrNull,
  is_self_ship: z.boolean().nullish(),
  courierName: textOrNull,
  courierCode: textOrNull,
  // A string on write, an array on read (konnect.md 6, behaviour 21).
  awbNumber: z.union([z.array(z.string()), z.string()]).nullish(),
  orderItems: z.array(line).max(1_000),
})

export type KonnectOrder = {
  id: string
  forwardId: string
  isReturn: boolean
  marketplaceOrderId: string | null
  /** The invoice that Konnect has, whoever wrote it; a return names that of its order. */
  invoiceNumber: string | null
  status: string
  orderDateMs: number | null
  orderingChannel: string | null
  isSelfShip: boolean
  courierName: string | null
  courierCode: string | null
  awbNumbers: string[]
  lines: { id: string; sku: string; quantity: number; status: string | null }[]
}

/** A list of orders is a bare array. What cannot be read is counted: one bad record does not hide the others. */
export function readOrders(
  json: unknown,
): { orders: KonnectOrder[]; unreadable: number } | undefined {
  if (!Array.isArray(json)) return undefined
  const orders: KonnectOrder[] = []
  for (const item of json) {
    const parsed = orderShape.safeParse(item)
    if (parsed.success) orders.push(toOrder(parsed.data))
  }
  return { orders, unreadable: json.length - orders.length }
}

function toOrder(wire: z.infer<typeof orderShape>): KonnectOrder {
  const dateMs = Date.parse(wire.orderDate ?? '')
  const forwardId = wire.forwardId ?? wire.id
  return {
    id: wire.id,
    forwardId,
    isReturn: forwardId !== wire.id || (wire.marketplaceReturnId ?? '') !== '',
    marketplaceOrderId: wire.marketplaceOrderId,
    invoiceNumber: wire.marketplaceInvoiceNumber,
    // Two names of one status (konnect.md 2.31).
    status: wire.orderStatus === 'RETURN_ACCEPTED' ? 'RETURN_COMPLETED' : wire.orderStatus,
    orderDateMs: Number.isNaN(dateMs) ? null : dateMs,
    orderingChannel: wire.orderingChannel,
    isSelfShip: wire.is_self_ship === true,
    courierName: wire.courierName,
    courierCode: wire.courierCode,
    awbNumbers: readAwb(wire.awbNumber),
    lines: wire.orderItems.map((item) => ({
      id: item.orderItemId,
      sku: item.sku,
      quantity: item.quantity,
      status: item.itemStatus,
    })),
  }
}

export function readAwb(awb: string[] | string | null | undefined): string[] {
  const numbers = typeof awb === 'string' ? [awb] : (awb ?? [])
  return numbers.filter((number) => number !== '')
}

export const tokenShape = z
  .looseObject({
    access_token: z.string().min(1).optional(),
    token: z.string().min(1).optional(),
    expires_in: z.number().positive().optional(),
  })
  .refine((answer) => (answer.access_token ?? answer.token) !== undefined, 'no token')

export const infoShape = z.looseObject({
  orders: z.array(z.looseObject({ id, lockStatus: z.union([z.boolean(), z.string()]).nullish() })),
})

export const courierShape = z.looseObject({
  orderId: id,
  courierName: textOrNull,
  courierCode: textOrNull,
  awbNumber: z.union([z.array(z.string()), z.string()]).nullish(),
})

export const trackShape = z.looseObject({ status: z.string(), data: z.looseObject({}) })

export const listingShape = z.looseObject({
  sku: z.string(),
  location_id: z.string().nullish(),
  quantity: z.number().nullish(),
  mrp: z.number().nullish(),
  esp: z.number().nullish(),
})
export type Listing = z.infer<typeof listingShape>

export const listingsShape = z.looseObject({ data: z.array(listingShape) })
export const listingCountShape = z.looseObject({
  data: z.looseObject({ listing_count: z.int().nonnegative() }),
})

/** E3; the attributes come without paging fields. */
export const catalogPageShape = z.looseObject({
  items: z.array(z.looseObject({})),
  total: z.int().nonnegative().nullish(),
})

export const ackShape = z.looseObject({
  trace_id: z.string().min(1).max(200),
  total: z.int().nonnegative(),
  success: z.int().nonnegative(),
  failed: z.int().nonnegative(),
  errors: z.unknown(),
})

/** The union of the reference's and the guide's shape (konnect.md 2.15). */
export const productStatusShape = z.looseObject({
  trace_id: z.string(),
  status: z.string(),
  stage: z.string().nullish(),
  total: z.int().nonnegative().nullish(),
  success: z.int().nonnegative().nullish(),
  failed: z.int().nonnegative().nullish(),
  errors: z.unknown(),
  message: z.string().nullish(),
  meta: z
    .looseObject({
      stage: z.string().nullish(),
      succeed: z.int().nonnegative().nullish(),
      failed: z.int().nonnegative().nullish(),
      failed_records: z.array(z.unknown()).nullish(),
    })
    .nullish(),
})
export type ProductStatus = z.infer<typeof productStatusShape>
