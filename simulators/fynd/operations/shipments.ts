import type { Answer } from '../../core/answer.ts'
import { defineOperations, type OperationCall } from '../../core/partner.ts'
import { Refusal } from '../../core/refusal.ts'
import { renderRefusal } from '../errors.ts'
import { readMoney } from '../money.ts'
import { journeyOf } from '../rules/bag-machine.ts'
import { type CustomerState, checkWish, grantWish, isCustomerState } from '../rules/customer.ts'
import type { Reason } from '../rules/enter-state.ts'
import { bagsOf } from '../rules/order-page.ts'
import { reasonsFor } from '../rules/reasons.ts'
import { reportRefund } from '../rules/refunds.ts'
import type { Bag, FyndContext, FyndTypes, Order, Shipment } from '../state.ts'
import { respond } from './respond.ts'

type Call = OperationCall<FyndTypes>

interface ShipmentUpdate {
  identifier: string | number
  products?: { identifier?: string | number | null; quantity?: number | null }[] | null
  reasons?: {
    products?: {
      filters?: { identifier?: string | number | null }[] | null
      data?: { reason_id?: number | null; reason_text?: string | null } | null
    }[]
  } | null
}

interface UpdateBody {
  statuses: { status: string; shipments: ShipmentUpdate[] }[]
}

interface Outcome {
  status: number
  json: object
}

/** F7 and F8 of facts/fynd.md: cancel and return by the customer, the reasons for it, and the report that the money went back. */
export const shipmentOperations = defineOperations<FyndTypes>({
  updateShipmentStatus: (call) => {
    const body = call.body as UpdateBody
    const statuses = body.statuses.map(({ status, shipments }) =>
      shipments.map((update) => changeShipment(call, status, update)),
    )
    const json = {
      statuses: statuses.map((outcomes) => ({ shipments: outcomes.map(({ json: each }) => each) })),
    }
    const refused = statuses.flat().find(({ status }) => status !== 200)
    const answer = respond(call, json)
    // Partner: HTTP 200 can hold a 400 inside (facts/fynd.md 7, `status_update_envelope`).
    const isPlain = call.ctx.assumptions.status_update_envelope === 'http_status'
    return isPlain && refused ? { ...answer, status: refused.status } : answer
  },

  listReasons: (call) => {
    const { ctx, auth, path } = call
    const { order, shipment } = findShipment(ctx, auth.affiliateId, path.shipment_id ?? '')
    findBags(order, shipment, [path.bag_id ?? ''])
    const { state } = call.query
    return respond(call, {
      success: true,
      reasons: reasonsFor(typeof state === 'string' ? state : 'cancelled_customer'),
    })
  },

  reportRefund: (call) => {
    const { ctx, auth } = call
    const body = call.body as { refund_id: string; amount: number }
    const { order, bag } = bagFor(ctx, auth.affiliateId, call.path.bag_id ?? '')
    const isNew = reportRefund(ctx, order, bag, {
      refundId: body.refund_id,
      amountMinor: readMoney(body.amount, 'amount'),
    })
    return respond(call, {
      success: true,
      message: isNew ? 'Refund recorded' : 'Refund already recorded',
      bag_id: bag.id,
      status: bag.status,
    })
  },
})

/** Each shipment of the envelope stands for itself: one that is refused leaves the others alone. */
function changeShipment(call: Call, status: string, update: ShipmentUpdate): Outcome {
  try {
    const shipment = applyUpdate(call, status, update)
    return {
      status: 200,
      json: {
        identifier: String(update.identifier),
        status: 200,
        final_state: { shipment_id: shipment.id, status },
        message: 'Shipment updated successfully',
        exception: null,
        code: null,
      },
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return renderInner(renderRefusal(error, call), update)
  }
}

/** The refusal in the words it would have had as an answer of its own. */
function renderInner(refused: Answer, update: ShipmentUpdate): Outcome {
  const { message, exception, code } = refused.json as Record<string, string>
  const { status } = refused
  const identifier = String(update.identifier)
  return { status, json: { identifier, status, final_state: null, message, exception, code } }
}

function applyUpdate(call: Call, status: string, update: ShipmentUpdate): Shipment {
  const { ctx, auth } = call
  const { order, shipment } = findShipment(ctx, auth.affiliateId, String(update.identifier))
  if (!isCustomerState(status)) {
    throw new Refusal('invalid', `Invalid State Transition ${status} detected for given entity`)
  }
  const { bags, holder } = chooseBags(order, shipment, status, update)
  checkWish(ctx, order, holder, bags, status)
  return grantWish(ctx, order, holder, bags, { to: status, reasons: readReasons(update, bags) })
}

/**
 * The bags that the update names, and the shipment that holds them; none named: all of the shipment whose story is not over. A row that names no bag is refused: taken for
 * "all", a slip of the caller would cancel what nobody asked for.
 */
function chooseBags(
  order: Order,
  shipment: Shipment,
  status: CustomerState,
  update: ShipmentUpdate,
): { bags: Bag[]; holder: Shipment } {
  const named = readIdentifiers(update.products, 'products')
  const { bags: chosen, holder } = findBags(order, shipment, named)
  for (const [index, bag] of chosen.entries()) {
    const quantity = update.products?.[index]?.quantity ?? bag.quantity
    if (quantity === bag.quantity) continue
    throw new Refusal(
      'invalid',
      `products[${index}].quantity is ${quantity}, but bag ${bag.id} holds ${bag.quantity}: a bag goes as a whole`,
    )
  }
  if (chosen.length > 0) return { bags: [...new Set(chosen)], holder }
  const open = bagsOf(order, shipment).filter((bag) => journeyOf(bag.status) !== 'ended')
  if (open.length > 0) return { bags: open, holder }
  throw new Refusal('invalid', `Invalid State Transition ${status} detected for given entity`)
}

/** What the customer said of each bag: the first reason whose filters name it, or that has no filters. */
function readReasons(update: ShipmentUpdate, bags: readonly Bag[]): ReadonlyMap<Bag, Reason> {
  const given = (update.reasons?.products ?? []).map(({ filters, data }) => ({
    ids: readIdentifiers(filters, 'filters'),
    id: data?.reason_id,
    text: data?.reason_text,
  }))
  const reasons = new Map<Bag, Reason>()
  for (const bag of bags) {
    const fits = given.find(({ ids }) => ids.length === 0 || ids.includes(String(bag.id)))
    if (fits?.id == null && fits?.text == null) continue
    reasons.set(bag, { id: fits.id ?? 0, text: fits.text ?? '' })
  }
  return reasons
}

/** Bag ids, which come as text or numbers; every row must have one. */
function readIdentifiers(
  rows: { identifier?: string | number | null }[] | null | undefined,
  name: string,
): string[] {
  return (rows ?? []).map(({ identifier }, index) => {
    if (identifier != null && identifier !== '') return String(identifier)
    throw new Refusal('invalid', `${name}[${index}].identifier is missing: it names the bag`)
  })
}

/** Another channel's shipment does not exist for this one. */
function findShipment(
  ctx: FyndContext,
  affiliateId: string,
  id: string,
): { order: Order; shipment: Shipment } {
  const order = ctx.state.orders.get(ctx.state.orderOfShipment.get(id) ?? '')
  const shipment = order?.shipments.find((each) => each.id === id)
  if (!order || !shipment || order.affiliateId !== affiliateId) {
    throw new Refusal('not-found', `Shipment ${id} does not exist`)
  }
  return { order, shipment }
}

/**
 * Bags by id in one shipment, or together in one that broke off from it. ASSUMED: a caller that lost the answer to a split knows only the
 * shipment before, and asking again must tell what its bag is now (facts/fynd.md F7 chooses by bag).
 */
function findBags(
  order: Order,
  shipment: Shipment,
  ids: readonly string[],
): { bags: Bag[]; holder: Shipment } {
  const later = order.shipments.filter((each) => brokeOffFrom(order, each, shipment.id))
  for (const holder of [shipment, ...later]) {
    const all = bagsOf(order, holder)
    const bags = all.filter((bag) => ids.includes(String(bag.id)))
    if (bags.length === new Set(ids).size)
      return { bags: ids.map((id) => findBag(bags, id)), holder }
  }
  const here = bagsOf(order, shipment)
  return { bags: ids.map((id) => findBag(here, id)), holder: shipment }
}

function brokeOffFrom(order: Order, shipment: Shipment, id: string): boolean {
  let { previousId } = shipment
  while (previousId !== null && previousId !== id) {
    const before = order.shipments.find((each) => each.id === previousId)
    previousId = before?.previousId ?? null
  }
  return previousId === id
}

function findBag(bags: readonly Bag[], id: string): Bag {
  const bag = bags.find((each) => String(each.id) === id)
  if (!bag) throw new Refusal('not-found', `Bag ${id} does not exist`)
  return bag
}

function bagFor(ctx: FyndContext, affiliateId: string, id: string): { order: Order; bag: Bag } {
  const order = ctx.state.orders.get(ctx.state.orderOfBag.get(Number(id)) ?? '')
  if (order?.affiliateId !== affiliateId) throw new Refusal('not-found', `Bag ${id} does not exist`)
  return { order, bag: findBag(order.bags, id) }
}
