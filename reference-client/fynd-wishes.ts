import { buttonsOf, findTracked, trackOrder } from './fynd-order-page.ts'
import type { FyndSite } from './fynd-site.ts'
import type { OrderRow } from './orders.ts'
import { withRetries } from './partners/call.ts'
import { PartnerError } from './partners/errors.ts'
import {
  type Reason,
  type Track,
  type TrackedBag,
  type Wish,
  wishStates,
} from './partners/fynd-account.ts'
import { interactive } from './partners/retry.ts'
import { ShopRefusal } from './refusal.ts'
import type { Visit } from './site.ts'

const usualReason: Reason = { id: 84, text: 'Changed my mind' }

const noDetails = 'The details of this order are not available at the moment. Please try again.'
const noButtons = { cancel: false, return: false }

/**
 * The buttons Cancel and Return (kartify.md 7): track order says whether there is one, F7 asks, and track order says what came of it.
 * Throws a 409 where the page shows no button. A lost answer is read off the page: the bag went that way, or it did not.
 */
export function pressButton(
  site: FyndSite,
  order: OrderRow,
  press: { itemId: string; wish: Wish; reason?: Reason | undefined },
  visit: Visit,
) {
  const { itemId, wish } = press
  // Pressed twice in a hurry: whoever comes second sees what became of the first.
  return site.once(`${wish}/${order.id}/${itemId}`, async () => {
    const model = { page: 'order', order_id: order.id, item_id: itemId }
    const before = await trackOrder(site, order, visit)
    if (before === undefined) {
      return { ...model, accepted: false, message: noDetails, buttons: noButtons }
    }
    const { shipment, bag } = requireTracked(before, order, itemId)
    requireButton(bag, itemId, wish)
    const refusal = await ask(site, order, visit, {
      itemId,
      wish,
      shipmentId: shipment.shipment_id,
      bagId: bag.bag_id,
      reason: press.reason ?? usualReason,
    })
    const after = await trackOrder(site, order, visit)
    const now = after && findTracked(after, itemId)?.bag
    const isTaken = now !== undefined && timesIn(now, wish) > timesIn(bag, wish)
    const shown = {
      ...model,
      item_status: now?.status ?? null,
      buttons: now === undefined ? noButtons : buttonsOf(now),
    }
    if (refusal === undefined || isTaken) return { ...shown, accepted: true }
    return { ...shown, accepted: false, ...wordsFor(refusal, now !== undefined) }
  })
}

/** What the customer may give as the reason. Throws a 409 where the page shows no button, a 502 when FYND does not answer. */
export async function listReasons(
  site: FyndSite,
  order: OrderRow,
  { itemId, wish }: { itemId: string; wish: Wish },
  visit: Visit,
): Promise<Reason[] | undefined> {
  const track = await trackOrder(site, order, visit)
  if (track === undefined) return undefined
  const { shipment, bag } = requireTracked(track, order, itemId)
  requireButton(bag, itemId, wish)
  try {
    const named = { shipmentId: shipment.shipment_id, bagId: bag.bag_id }
    return await withRetries(site.ports, interactive, `reasons/${itemId}`, (attempt) =>
      site.fynd.reasons(wish, named, { trace: visit.trace, attempt, orderId: order.id }),
    )
  } catch (error) {
    if (!(error instanceof PartnerError)) throw error
    return undefined
  }
}

type Question = {
  itemId: string
  wish: Wish
  shipmentId: string
  bagId: string
  reason: Reason
}

async function ask(
  site: FyndSite,
  order: OrderRow,
  visit: Visit,
  { itemId, wish, ...bag }: Question,
): Promise<PartnerError | undefined> {
  // The no that hides in a 200 can only be read in the log when the log has the answer itself.
  const keeps = { correlationId: `${wish}-${itemId}`, itemId, hide: [] }
  try {
    await withRetries(site.ports, interactive, `${wish}/${itemId}`, (attempt) =>
      site.fynd.grantWish(wish, bag, { trace: visit.trace, attempt, orderId: order.id, keeps }),
    )
    return undefined
  } catch (error) {
    if (!(error instanceof PartnerError)) throw error
    return error
  }
}

function requireTracked(track: Track, order: OrderRow, itemId: string) {
  const found = findTracked(track, itemId)
  if (found !== undefined) return found
  throw new ShopRefusal(404, 'unknown-item', `Order ${order.id} has no item ${itemId}.`)
}

function requireButton(bag: TrackedBag, itemId: string, wish: Wish) {
  if (buttonsOf(bag)[wish]) return
  const why = wish === 'cancel' ? 'not-cancellable' : 'not-returnable'
  throw new ShopRefusal(
    409,
    why,
    `${itemId} has no ${wish} button: it is ${bag.status ?? 'unknown'}.`,
  )
}

/** How often the bag has been in the state that the customer wishes: a return may be asked for again after it was called off. */
function timesIn(bag: TrackedBag, wish: Wish): number {
  const state = wishStates[wish]
  return (bag.bag_status_history ?? []).filter((step) => step.status === state).length
}

function wordsFor({ failure }: PartnerError, isSure: boolean) {
  const { kind, code, message, maybeApplied } = failure
  if (kind === 'refused') return { message, error_code: code ?? 'refused' }
  if (maybeApplied && !isSure) {
    return {
      message: 'We could not find out whether it worked. Please look at the order again later.',
      error_code: kind,
    }
  }
  return { message: 'It did not work at the moment. Please try again.', error_code: kind }
}
