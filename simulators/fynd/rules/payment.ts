import { Refusal } from '../../core/refusal.ts'
import { type Bag, type FyndContext, type Order, orderStatus, shipmentOf } from '../state.ts'
import { allocate } from './allocation.ts'
import { enterState } from './enter-state.ts'
import { addShipment, announcePlaced, commit, ship, wouldBeStores } from './orders.ts'
import { startRefund } from './refunds.ts'
import { rowAt } from './stock.ts'

/** What the channel reports about the money; amounts in paise. */
export interface PaymentReport {
  methods: { mode: string; amountMinor: number; paymentId: string | null; isFailed: boolean }[]
}

/**
 * F5. Answers the message; changes nothing for an order that is already placed. Refuses COD, a wrong amount, and, by the switch
 * `late_confirmation`, an order whose stock is gone. An order that FYND cancelled meanwhile is the one refusal with a consequence (the
 * money goes back), so that one is returned and not thrown.
 */
export function confirmPayment(
  ctx: FyndContext,
  order: Order,
  report: PaymentReport,
): string | Refusal {
  if (order.payment === 'on-delivery') {
    throw new Refusal('invalid', 'Payment confirmation not applicable')
  }
  if (order.payment === 'paid') return 'Payment already confirmed'
  const paid = report.methods.filter((method) => !method.isFailed)
  const isCancelled = orderStatus(order) === 'cancelled'
  if (paid.length === 0 && !isCancelled) return markFailed(ctx, order)
  const sumMinor = paid.reduce((sum, method) => sum + method.amountMinor, 0)
  if (paid.length > 0 && sumMinor !== order.request.valueMinor) {
    throw new Refusal(
      'invalid',
      `Amount ${sumMinor / 100} does not match order value ${order.request.valueMinor / 100}`,
    )
  }
  if (isCancelled) return refuseCancelled(ctx, order, paid)
  place(ctx, order, paid)
  return 'Payment Successful'
}

/** Bags whose pieces are not kept any more look for a store again; those that find none are cancelled and refunded. */
function place(ctx: FyndContext, order: Order, paid: PaymentReport['methods']): void {
  const plan = findPieces(ctx, order)
  if (plan.gone.size > 0 && ctx.assumptions.late_confirmation === 'refuse') {
    throw new Refusal('order-expired', `Order ${order.id} has expired`)
  }
  if (order.shipments.length === 0) ship(ctx, order, plan.stores)
  const waiting = order.bags.filter(isWaiting)
  const cancelled = order.bags.filter((bag) => !isWaiting(bag))
  const previous = waiting[0]?.status ?? 'pending'
  order.bags.forEach((bag, index) => {
    if (bag.holds === 'committed' || plan.gone.has(bag) || !isWaiting(bag)) return
    const store = plan.stores[index]
    if (store !== undefined && store !== bag.store) moveToStore(ctx, order, bag, store)
    commit(ctx, bag)
  })
  noteMoney(order, paid, 'paid')
  order.placedAtMs = ctx.nowMs
  for (const shipment of order.shipments) {
    const bags = waiting.filter((bag) => bag.shipmentId === shipment.id)
    enterState(ctx, order, shipment, bags, { to: 'placed', isTold: false })
  }
  announcePlaced(ctx, order, waiting, previous)
  cancelGone(ctx, order, plan.gone)
  // FYND cancelled some bags while the order waited; the customer has paid for them too.
  refundBags(ctx, order, cancelled)
}

const isWaiting = (bag: Bag): boolean => bag.status === 'pending' || bag.status === 'payment_failed'

function refundBags(ctx: FyndContext, order: Order, bags: readonly Bag[]): void {
  for (const shipment of order.shipments) {
    const here = bags.filter((bag) => bag.shipmentId === shipment.id)
    startRefund(ctx, order, shipment, here, 'cancel')
  }
}

function cancelGone(ctx: FyndContext, order: Order, gone: ReadonlySet<Bag>): void {
  const reason = { id: 1, text: 'Product not available' }
  for (const shipment of order.shipments) {
    const bags = order.bags.filter((bag) => gone.has(bag) && bag.shipmentId === shipment.id)
    if (bags.length === 0) continue
    enterState(ctx, order, shipment, bags, { to: 'product_not_available', reason })
    enterState(ctx, order, shipment, bags, { to: 'cancelled_fynd', reason })
    startRefund(ctx, order, shipment, bags, 'cancel')
  }
}

/** A store for each bag: the one that keeps its pieces, else the one it was promised, else any; `gone` names bags without one. */
function findPieces(ctx: FyndContext, order: Order): { stores: string[]; gone: Set<Bag> } {
  const isNew = order.shipments.length === 0
  if (isNew) {
    const found = allocate(ctx, order.bags, order.request.shipping.pincode)
    if ('stores' in found) return { stores: found.stores, gone: new Set() }
  }
  const stores = isNew ? wouldBeStores(ctx, order) : order.bags.map((bag) => bag.store)
  const loose = order.bags.filter((bag) => isWaiting(bag) && bag.holds !== 'committed')
  const taken = new Map<string, number>()
  const gone = new Set<Bag>()
  const fits = (sku: string, store: string, quantity: number) =>
    (rowAt(ctx, sku, store)?.sellable ?? 0) - (taken.get(`${sku}/${store}`) ?? 0) >= quantity
  for (const bag of loose) {
    const index = order.bags.indexOf(bag)
    const before = stores[index]
    let store = before !== undefined && !ctx.state.storesOff.has(before) ? before : undefined
    if (store === undefined || !fits(bag.sku, store, bag.quantity)) {
      store = anotherStore(ctx, order, bag, taken)
    }
    if (store === undefined) {
      gone.add(bag)
      continue
    }
    stores[index] = store
    const key = `${bag.sku}/${store}`
    taken.set(key, (taken.get(key) ?? 0) + bag.quantity)
  }
  return { stores, gone }
}

/** What other bags of this order take is asked for on top, so that two bags never count on the same piece. */
function anotherStore(
  ctx: FyndContext,
  order: Order,
  bag: Bag,
  taken: ReadonlyMap<string, number>,
): string | undefined {
  const full: string[] = []
  for (;;) {
    const demand = { sku: bag.sku, quantity: bag.quantity, except: full }
    const found = allocate(ctx, [demand], order.request.shipping.pincode)
    const store = 'stores' in found ? found.stores[0] : undefined
    if (store === undefined) return undefined
    const left =
      (rowAt(ctx, bag.sku, store)?.sellable ?? 0) - (taken.get(`${bag.sku}/${store}`) ?? 0)
    if (left >= bag.quantity) return store
    full.push(store)
  }
}

/** Another store than the one promised at first: a new shipment, which names the one before it. */
function moveToStore(ctx: FyndContext, order: Order, bag: Bag, store: string): void {
  const before = shipmentOf(order, bag)
  const isShared = order.bags.some((other) => other !== bag && other.shipmentId === before.id)
  const shipment = addShipment(ctx, order, store, before.id)
  bag.store = store
  bag.shipmentId = shipment.id
  if (!isShared) dropShipment(ctx, order, before.id)
}

/** A shipment that lost its last bag is no shipment any more. */
export function dropShipment(ctx: FyndContext, order: Order, shipmentId: string): void {
  order.shipments = order.shipments.filter((shipment) => shipment.id !== shipmentId)
  ctx.state.orderOfShipment.delete(shipmentId)
}

function markFailed(ctx: FyndContext, order: Order): string {
  if (order.payment === 'awaited') {
    order.payment = 'failed'
    for (const bag of order.bags.filter(isWaiting)) {
      bag.status = 'payment_failed'
      bag.updatedAtMs = ctx.nowMs
      bag.history.push({ status: 'payment_failed', atMs: ctx.nowMs })
    }
    ctx.record('fynd.payment.failed', { fynd_order_id: order.id })
  }
  return 'Payment marked failed'
}

/** FYND had cancelled before the money came: the order stays cancelled, the money goes back, once. */
function refuseCancelled(ctx: FyndContext, order: Order, paid: PaymentReport['methods']): Refusal {
  if (paid.length > 0 && order.payment !== 'paid-too-late') {
    noteMoney(order, paid, 'paid-too-late')
    refundBags(ctx, order, order.bags)
  }
  return new Refusal('order-expired', `Order ${order.id} was cancelled`)
}

function noteMoney(
  order: Order,
  paid: PaymentReport['methods'],
  payment: 'paid' | 'paid-too-late',
): void {
  order.payment = payment
  order.paymentId = paid.find((method) => method.paymentId !== null)?.paymentId ?? null
  order.paymentMethod = paid[0]?.mode ?? null
}
