import { type Answer, ok } from '../../core/answer.ts'
import { defineOperations } from '../../core/partner.ts'
import { type CancelLine, cancelItems } from '../rules/cancellation.ts'
import { accountOf } from '../rules/channels.ts'
import { type NeftDetails, type ReturnLine, returnItems } from '../rules/returns.ts'
import { type ArvindContext, type ArvindTypes, findOrder, type Order, refused } from '../state.ts'

interface CancelBody {
  orderReference: string
  channelId: string
  items?: CancelLine[] | null
}

interface ReturnBody {
  orderReference: string
  channelId: string
  returns: ReturnLine[]
  pickupAddress?: { zip?: string | null } | null
  neftDetails?: NeftDetails | null
}

/** Cancellation and return by the customer: facts/arvind.md 3.5 and 3.6. */
export const changeOperations = defineOperations<ArvindTypes>({
  cancelOrder: ({ ctx, body, auth }) => {
    const { orderReference, channelId, items } = body as CancelBody
    const order = orderOf(ctx, auth.channelId, channelId, orderReference)
    const outcomes = cancelItems(ctx, order, items ?? [])
    return answerItems(ctx, outcomes, 'Cancelled', {
      items: outcomes.map(({ itemReference, item, code }) => ({
        itemReference,
        status: item?.status ?? null,
        eligible: code === null,
        reason: code,
      })),
    })
  },

  returnOrder: ({ ctx, body, auth }) => {
    const given = body as ReturnBody
    const order = orderOf(ctx, auth.channelId, given.channelId, given.orderReference)
    const outcomes = returnItems(ctx, order, {
      lines: given.returns,
      pincode: given.pickupAddress?.zip ?? undefined,
      neft: given.neftDetails,
    })
    return answerItems(ctx, outcomes, 'Return accepted', {
      returns: outcomes.map(({ itemReference, item, code, record }) => ({
        itemId: itemReference,
        eligible: code === null,
        reason: code,
        returnId: record?.id ?? null,
        returnConsignmentId: record?.returnConsignmentId ?? null,
        returnLocation: record && item?.centre ? locationOf(ctx, item.centre) : null,
      })),
    })
  },
})

function orderOf(
  ctx: ArvindContext,
  callerId: string,
  givenChannel: string,
  orderReference: string,
): Order {
  const { channelId } = accountOf(ctx, callerId, { channelId: givenChannel })
  const order = findOrder(ctx, channelId, orderReference)
  if (!order) throw refused('ORDER_NOT_FOUND', `Order ${orderReference} does not exist`)
  return order
}

const texts: Readonly<Record<string, string>> = {
  ITEM_NOT_FOUND: 'The order has no such item',
  ALREADY_SHIPPED: 'The item has left the centre',
  ALREADY_CANCELLED: 'The item is cancelled already',
  CANCEL_WINDOW_CLOSED: 'The time to cancel is over',
  NOT_CANCELLABLE: 'The item cannot be cancelled',
  NOT_DELIVERED: 'The item is not delivered',
  NOT_RETURNABLE: 'The item cannot be returned',
  RETURN_WINDOW_CLOSED: 'The time to return is over',
  REVERSE_PICKUP_NOT_SERVICEABLE: 'The item cannot be fetched at this pincode',
  ALREADY_RETURNED: 'The item is returned already',
}

/** Item by item; the top says no if any was refused, or only if all were (switch `mixed_result`). */
function answerItems(
  ctx: ArvindContext,
  outcomes: readonly { itemReference: string; code: string | null }[],
  done: string,
  data: object,
): Answer {
  const bad = outcomes.find(({ code }) => code !== null)
  const isMixed = bad !== undefined && outcomes.some(({ code }) => code === null)
  if (!bad?.code || (isMixed && ctx.assumptions.mixed_result === 'accepted')) {
    return ok({ status: true, message: done, data })
  }
  const message = `${bad.itemReference}: ${texts[bad.code] ?? bad.code}`
  return ok({ status: false, errorCode: bad.code, message, data })
}

/** The public names of a return location; the street is invented. */
function locationOf(ctx: ArvindContext, code: string): object {
  const centre = ctx.catalogue.centresByCode.get(code)
  return {
    streetNo: '1',
    streetName: centre?.name ?? code,
    town: centre?.city ?? '',
    postCode: centre?.pincode ?? '',
    city: centre?.city ?? '',
    state: '',
  }
}
