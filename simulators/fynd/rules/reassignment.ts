import { Refusal } from '../../core/refusal.ts'
import {
  type Bag,
  catalogueOf,
  type FyndContext,
  type Order,
  type Shipment,
  shipmentOf,
} from '../state.ts'
import { allocate } from './allocation.ts'
import { enterState } from './enter-state.ts'
import { checkStep } from './moves.ts'
import { addShipment, commit } from './orders.ts'
import { dropShipment } from './payment.ts'

/**
 * FYND gives bags that a store refused to another store: their pieces are committed there, the shipment gets a new id and names the one
 * before it, the bag ids stay (facts/fynd.md 1). Never a store that refused the bag before. Refuses when no store has them.
 */
export function reassign(
  ctx: FyndContext,
  order: Order,
  bags: readonly Bag[],
  wanted?: string,
): void {
  checkStep(bags, 'store_reassigned')
  const stores = findStores(ctx, order, bags, wanted)
  const fresh = new Map<string, { shipment: Shipment; bags: Bag[] }>()
  bags.forEach((bag, index) => {
    const store = stores[index]
    if (store === undefined) throw new Error(`No store for bag ${bag.id}`)
    const before = shipmentOf(order, bag)
    const isAlone = ctx.assumptions.grouping === 'per_bag'
    const key = isAlone ? String(bag.id) : `${before.id}/${store}`
    let target = fresh.get(key)
    if (!target) {
      target = { shipment: addShipment(ctx, order, store, before.id), bags: [] }
      fresh.set(key, target)
    }
    bag.store = store
    bag.shipmentId = target.shipment.id
    commit(ctx, bag)
    target.bags.push(bag)
    if (!order.bags.some((other) => other.shipmentId === before.id)) {
      dropShipment(ctx, order, before.id)
    }
  })
  for (const { shipment, bags: moved } of fresh.values()) {
    enterState(ctx, order, shipment, moved, { to: 'store_reassigned' })
  }
}

function findStores(
  ctx: FyndContext,
  order: Order,
  bags: readonly Bag[],
  wanted: string | undefined,
): string[] {
  const others = catalogueOf(ctx).stores.map((store) => store.code)
  const demands = bags.map((bag) => ({
    sku: bag.sku,
    quantity: bag.quantity,
    except:
      wanted === undefined
        ? bag.refusedBy
        : [...bag.refusedBy, ...others.filter((code) => code !== wanted)],
  }))
  const found = allocate(ctx, demands, order.request.shipping.pincode)
  if ('stores' in found) return found.stores
  const where = wanted === undefined ? 'no other store' : wanted
  throw new Refusal(
    'conflict',
    `Cannot reassign: ${where} can fulfil ${found.missing.quantity} x ${found.missing.sku} that has not refused it`,
  )
}
