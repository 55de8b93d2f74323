import { renderPosition } from '../render-order.ts'
import type { OmsState } from '../rules/oms-machine.ts'
import type { KonnectContext, Order } from '../state.ts'
import { writeOrderTime } from '../times.ts'

const dayMs = 86_400_000
const daysToDeliver = 3

/** From here on somebody carries the parcel. */
const underWay: ReadonlySet<OmsState> = new Set([
  'bag_picked',
  'out_for_delivery',
  'return_bag_in_transit',
])

/** facts/konnect.md 2.30: `operational_status` is what to automate on; `eta` and `tracking_url` may be null. */
export function renderTrack(ctx: KonnectContext, order: Order): object {
  const last = order.history.at(-1)
  const isUnderWay = underWay.has(order.state)
  const pickedMs = order.history.find(({ state }) => underWay.has(state))?.atMs ?? ctx.nowMs
  const promised = order.note?.promised ?? null
  const usual = isUnderWay ? writeOrderTime(pickedMs + daysToDeliver * dayMs) : null
  return {
    courier: order.courier?.name ?? null,
    current_status: words(order.state),
    last_updated: writeOrderTime(last?.atMs ?? order.createdMs),
    eta: promised ?? usual,
    tracking_url: order.courier
      ? `https://track.example/${encodeURIComponent(order.courier.awb)}`
      : null,
    location: renderPosition(ctx, order),
    operational_status: order.state,
    journey: isReverse(order) ? 'reverse' : 'forward',
    events: order.history.map(({ state, atMs, place }) => ({
      status: words(state),
      operational_status: state,
      description: `Shipment is ${words(state).toLowerCase()}`,
      location: place ?? order.location,
      timestamp: writeOrderTime(atMs),
    })),
  }
}

const isReverse = (order: Order): boolean =>
  order.journey !== 'forward' || order.state.startsWith('rto')

/** `bag_picked` becomes `Bag picked`. */
const words = (state: OmsState): string => {
  const text = state.replaceAll('_', ' ')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
