import { Refusal } from '../../core/refusal.ts'
import { type KonnectContext, type Order, type OrderItem, piecesOf } from '../state.ts'
import { announce } from '../webhooks.ts'
import {
  isAccepted,
  isBeforeInvoice,
  isInvoiced,
  isPacked,
  konnectStatusOf,
  type OmsState,
  transitions,
} from './oms-machine.ts'
import { findSku, locationsOf, movePieces, productOf, rowAt } from './stock.ts'

export interface NewOrder {
  channel: string
  /** Undefined: the first location that has it all. */
  location: string | undefined
  lines: readonly { sku: string; quantity: number }[]
  isSelfShip: boolean
  isCod: boolean
  isLocked: boolean
  pincode: string
  city: string
  state: 'new' | 'placed'
  marketplaceOrderId: string | undefined
}

export const listKey = (location: string, status: string): string => `${location}/${status}`

/** A channel's order comes in: its pieces are committed at one location. Refuses when no location has them all. */
export function placeOrder(ctx: KonnectContext, wanted: NewOrder): Order {
  const location = fulfillingLocation(ctx, wanted)
  const items = wanted.lines.map((line) => newItem(ctx, location, line))
  const order = addOrder(ctx, {
    journey: 'forward',
    channel: wanted.channel,
    location,
    isSelfShip: wanted.isSelfShip,
    isLocked: wanted.isLocked,
    isCod: wanted.isCod,
    pincode: wanted.pincode,
    city: wanted.city,
    items,
    holds: 'committed',
    ...(wanted.marketplaceOrderId !== undefined && {
      marketplaceOrderId: wanted.marketplaceOrderId,
    }),
  })
  for (const item of items) {
    movePieces(
      ctx,
      { location, sku: item.sku },
      { from: 'sellable', to: 'committed', quantity: item.quantity },
    )
  }
  enterState(ctx, order, wanted.state)
  return order
}

/** Puts a shipment in a state that has been checked, with what follows from it, and tells the seller. */
export function enterState(ctx: KonnectContext, order: Order, to: OmsState, place?: string): void {
  const isFirst = order.history.length === 0
  if (!isFirst && !transitions[order.state].includes(to)) {
    throw new Error(`Order ${order.id} cannot go from ${order.state} to ${to}`)
  }
  const from = isFirst ? null : order.state
  if (!isFirst) unlist(ctx, order)
  order.state = to
  order.history.push({ state: to, atMs: ctx.nowMs, ...(place && { place }) })
  list(ctx, order)
  // Pieces leave the store with the courier, or with the customer who fetches them.
  if (order.holds === 'committed' && (to === 'bag_picked' || to === 'handed_over_to_customer')) {
    holdElsewhere(ctx, order, 'out')
  }
  ctx.record('konnect.order.moved', { order_id: order.id, location: order.location, from, to })
  announce(ctx, order)
}

/** Moves an order that nobody has confirmed to another location (3.2): it leaves the list of the old one. */
export function reassignOrder(ctx: KonnectContext, order: Order, location: string): void {
  if (!transitions[order.state].includes('store_reassigned')) {
    throw new Refusal('conflict', `Order ${order.id} is ${order.state}: it cannot be reassigned`)
  }
  if (location === order.location) {
    throw new Refusal('conflict', `Order ${order.id} is at ${location} already`)
  }
  const missing = missingAt(
    ctx,
    location,
    order.items.map((item) => ({ sku: item.sku, quantity: piecesOf(item) })),
  )
  if (missing) throw new Refusal('conflict', missing)
  const back = ctx.assumptions.reassigned_stock
  for (const item of order.items) {
    const quantity = piecesOf(item)
    const { sku } = item
    movePieces(ctx, { location: order.location, sku }, { from: 'committed', to: back, quantity })
    movePieces(ctx, { location, sku }, { from: 'sellable', to: 'committed', quantity })
  }
  unlist(ctx, order)
  order.location = location
  list(ctx, order)
  enterState(ctx, order, 'store_reassigned')
}

/** The gates of 3.6, the same for sellers, customers and Fynd: items until invoiced, whole orders until packed. */
export function mayCancel(ctx: KonnectContext, order: Order, isWhole: boolean): boolean {
  if (order.journey !== 'forward') return false
  if (isBeforeInvoice.has(order.state)) return true
  if (!isWhole) return false
  if (isInvoiced.has(order.state)) return true
  return ctx.assumptions.cancel_when_packed === 'accept' && isPacked.has(order.state)
}

/** Cancels pieces of items before anything is invoiced; what was committed is on sale again. */
export function cancelPieces(
  ctx: KonnectContext,
  order: Order,
  wanted: readonly { item: OrderItem; quantity: number; reason: string }[],
): void {
  for (const { item, quantity, reason } of wanted) {
    item.cancelled += quantity
    item.cancelReason = reason
    const place = { location: order.location, sku: item.sku }
    movePieces(ctx, place, { from: 'committed', to: 'sellable', quantity })
    ctx.record('konnect.item.cancelled', {
      order_id: order.id,
      order_item_id: item.id,
      quantity,
      reason,
    })
  }
}

/** Cancels a whole order. What was invoiced comes back as an RTO shipment of its own (3.4). */
export function cancelWhole(
  ctx: KonnectContext,
  order: Order,
  by: 'customer' | 'fynd' | 'seller',
  reasonOf: (item: OrderItem) => string,
): void {
  const open = order.items.filter((item) => piecesOf(item) > 0)
  const wasInvoiced = !isBeforeInvoice.has(order.state)
  const pieces = open.map((item) => ({ item, quantity: piecesOf(item) }))
  if (wasInvoiced) {
    for (const { item, quantity } of pieces) {
      item.cancelled += quantity
      item.cancelReason = reasonOf(item)
    }
  } else {
    cancelPieces(
      ctx,
      order,
      pieces.map((each) => ({ ...each, reason: reasonOf(each.item) })),
    )
  }
  order.holds = 'nothing'
  enterState(ctx, order, `cancelled_${by}`)
  if (wasInvoiced) comeBack(ctx, order, pieces)
}

function comeBack(
  ctx: KonnectContext,
  order: Order,
  pieces: readonly { item: OrderItem; quantity: number }[],
): void {
  const back = addOrder(ctx, {
    ...copyOf(order),
    journey: 'rto',
    forwardId: order.id,
    items: pieces.map(({ item, quantity }) => copyItem(ctx, item, quantity)),
    holds: 'committed',
  })
  back.invoice = order.invoice && { ...order.invoice }
  enterState(ctx, back, 'rto_bag_delivered')
}

/** A customer sends pieces back: a new shipment that points to the old one (3.4). */
export function startReturn(
  ctx: KonnectContext,
  forward: Order,
  pieces: readonly { item: OrderItem; quantity: number }[],
): Order {
  for (const { item, quantity } of pieces) item.returned += quantity
  const back = addOrder(ctx, {
    ...copyOf(forward),
    journey: 'return',
    forwardId: forward.id,
    items: pieces.map(({ item, quantity }) => copyItem(ctx, item, quantity)),
    holds: 'out',
  })
  back.marketplaceReturnId = `RT${ctx.random('ids/konnect.return').hex(12).toUpperCase()}`
  back.invoice = forward.invoice && { ...forward.invoice }
  enterState(ctx, back, 'return_initiated')
  return back
}

/** The seller accepts what came back; what is not good is out of sale (2.31). */
export function acceptReturn(
  ctx: KonnectContext,
  order: Order,
  found: readonly { item: OrderItem; quantity: number; reasonCode: string }[],
): void {
  for (const { item, quantity, reasonCode } of found) {
    if (reasonCode !== '' && quantity > 0) item.checked.push({ reasonCode, quantity })
  }
  const from = order.holds
  if (from !== 'nothing') {
    for (const item of order.items) {
      const bad = item.checked.reduce((sum, each) => sum + each.quantity, 0)
      const place = { location: order.location, sku: item.sku }
      movePieces(ctx, place, { from, to: 'sellable', quantity: piecesOf(item) - bad })
      movePieces(ctx, place, { from, to: 'unavailable', quantity: bad })
    }
  }
  order.holds = 'nothing'
  const isReturn = order.state === 'return_bag_delivered'
  enterState(ctx, order, isReturn ? 'return_bag_accepted' : 'rto_bag_accepted')
  if (ctx.state.settings.get(order.location)?.autoCreditNote) {
    giveCreditNote(ctx, order, { number: nextNumber(ctx, 'CN'), irn: null })
  }
}

export function giveCreditNote(
  ctx: KonnectContext,
  order: Order,
  { number, irn }: { number: string; irn: string | null },
): void {
  if (!isAccepted.has(order.state)) throw new Error(`Order ${order.id} is not accepted`)
  order.creditNote = { number, type: 'return', irn, atMs: ctx.nowMs }
  ctx.state.orderOfInvoice.set(number, order.id)
  enterState(ctx, order, 'credit_note_generated')
}

/** A number of Fynd's own, where the merchant lets Fynd invoice. */
export const nextNumber = (ctx: KonnectContext, prefix: string): string =>
  `${prefix}-${ctx.random('ids/konnect.invoice').digits(10)}`

/** What lacks at a location, in words; undefined: it has it all. */
function missingAt(
  ctx: KonnectContext,
  location: string,
  lines: readonly { sku: string; quantity: number }[],
): string | undefined {
  const needs = new Map<string, number>()
  for (const { sku, quantity } of lines) needs.set(sku, (needs.get(sku) ?? 0) + quantity)
  for (const [code, quantity] of needs) {
    const sku = findSku(ctx, code)
    const sellable = sku ? rowAt(ctx, location, sku).sellable : 0
    if (sellable < quantity) return `${location} has ${sellable} of ${code}, not ${quantity}`
  }
  return undefined
}

function fulfillingLocation(ctx: KonnectContext, wanted: NewOrder): string {
  for (const { sku } of wanted.lines) {
    if (!findSku(ctx, sku)) throw new Refusal('not-found', `Unknown SKU "${sku}"`)
  }
  const first = findSku(ctx, wanted.lines[0]?.sku ?? '')
  const all = first ? locationsOf(ctx, first) : []
  const candidates = wanted.location === undefined ? all : [wanted.location]
  let why = 'No location has it'
  for (const location of candidates) {
    const missing = missingAt(ctx, location, wanted.lines)
    if (missing === undefined) return location
    why = missing
  }
  throw new Refusal('conflict', why)
}

/** At the prices of the location that ships it (facts/konnect.md 2.16). */
function newItem(
  ctx: KonnectContext,
  location: string,
  { sku: code, quantity }: NewOrder['lines'][number],
): OrderItem {
  const sku = findSku(ctx, code)
  if (!sku) throw new Refusal('not-found', `Unknown SKU "${code}"`)
  const { name, hs_code } = productOf(ctx, sku.itemCode)?.fields ?? {}
  const { mrpMinor, espMinor } = rowAt(ctx, location, sku)
  return {
    id: nextItemId(ctx),
    sku: sku.sku,
    name: String(name ?? sku.sku),
    size: sku.size,
    hsCode: String(hs_code ?? ''),
    quantity,
    cancelled: 0,
    returned: 0,
    mrpMinor,
    espMinor,
    cancelReason: null,
    checked: [],
  }
}

function nextItemId({ state }: KonnectContext): string {
  state.nextItem += 1
  return String(state.nextItem - 1)
}

const copyItem = (ctx: KonnectContext, item: OrderItem, quantity: number): OrderItem => ({
  ...item,
  id: nextItemId(ctx),
  quantity,
  cancelled: 0,
  returned: 0,
  cancelReason: null,
  checked: [],
})

const copyOf = ({ channel, location, isSelfShip, isCod, pincode, city, ...rest }: Order) => ({
  channel,
  location,
  isSelfShip,
  isCod,
  pincode,
  city,
  isLocked: false,
  marketplaceOrderId: rest.marketplaceOrderId,
})

type Draft = Pick<
  Order,
  | 'journey'
  | 'channel'
  | 'location'
  | 'isSelfShip'
  | 'isLocked'
  | 'isCod'
  | 'pincode'
  | 'city'
  | 'items'
  | 'holds'
> &
  Partial<Pick<Order, 'marketplaceOrderId' | 'forwardId'>>

/** Not in a state yet: `enterState` is next. Ids have 20 digits, more than a number can hold. */
function addOrder(ctx: KonnectContext, draft: Draft): Order {
  const { state } = ctx
  const id = `${ctx.nowMs}${String(state.nextOrder % 10_000_000).padStart(7, '0')}`
  state.nextOrder += 1
  const random = ctx.random('ids/konnect.order')
  const order: Order = {
    ...draft,
    id,
    forwardId: draft.forwardId ?? id,
    marketplaceOrderId:
      draft.marketplaceOrderId ?? `FY${random.hex(12).toUpperCase()}${random.digits(6)}`,
    marketplaceReturnId: null,
    state: 'new',
    createdMs: ctx.nowMs,
    courier: null,
    isDispatched: false,
    invoice: null,
    creditNote: null,
    packages: [],
    note: null,
    history: [],
  }
  state.orders.set(id, order)
  for (const item of order.items) state.orderOfItem.set(item.id, id)
  return order
}

function holdElsewhere(ctx: KonnectContext, order: Order, to: 'out'): void {
  for (const item of order.items) {
    const place = { location: order.location, sku: item.sku }
    movePieces(ctx, place, { from: 'committed', to, quantity: piecesOf(item) })
  }
  order.holds = to
}

function list({ state }: KonnectContext, order: Order): void {
  const key = listKey(order.location, konnectStatusOf[order.state])
  const ids = state.lists.get(key)
  if (ids) ids.add(order.id)
  else state.lists.set(key, new Set([order.id]))
}

function unlist({ state }: KonnectContext, order: Order): void {
  const key = listKey(order.location, konnectStatusOf[order.state])
  const ids = state.lists.get(key)
  ids?.delete(order.id)
  if (ids?.size === 0) state.lists.delete(key)
}
