import { type Problems, readNeft } from './arvind-neft.ts'
import {
  type AskKind,
  askRow,
  buttonsOf,
  keepFacts,
  learnPushed,
  oweItem,
} from './arvind-orders.ts'
import { renderAddress } from './arvind-push.ts'
import type { ArvindSite } from './arvind-site.ts'
import { findOrder, type ItemRow, itemRows, noteOrder, type OrderRow, orderRow } from './orders.ts'
import { isInDoubt, type NeftDetails } from './partners/arvind.ts'
import { hideTails, type KeptBodies } from './partners/call.ts'
import { PartnerError } from './partners/errors.ts'
import { unknownOrder } from './payments.ts'
import { ShopRefusal } from './refusal.ts'
import { arvindOf } from './settings.ts'
import type { Visit } from './site.ts'

/** What a customer may say with the button. */
export type Wish = {
  reason?: string | undefined
  comment?: string | undefined
  return_mode?: 'PICKUP' | 'STORE' | undefined
  neftDetails?: unknown
}

type Asked = { order: OrderRow; item: ItemRow }

/** Arvind's words for "that is so already": what the customer wanted is done, whoever did it. */
const doneAlready = { cancel: 'ALREADY_CANCELLED', return: 'ALREADY_RETURNED' }

/** The Cancel button of one item (kartify.md 7). Throws a 409 when the item has no such button. */
export function cancelItem(
  site: ArvindSite,
  customer: string,
  orderId: string,
  itemId: string,
  wish: Wish,
  visit: Visit,
) {
  const asked = findItem(site, customer, orderId, itemId)
  return press(site, asked, 'cancel', [], (keeps, attempt) =>
    site.arvind.cancel(
      {
        orderReference: orderId,
        channelId: arvindOf(site.settings).channel_id,
        cancelledBy: 'CUSTOMER',
        items: [
          {
            itemReference: itemId,
            skuId: asked.item.sku,
            quantity: asked.item.quantity,
            reasonId: 'CUSTOMER_REQUEST',
            reason: wish.reason ?? 'The customer asked for it',
            comment: wish.comment ?? '',
          },
        ],
      },
      { trace: visit.trace, attempt, orderId, keeps },
    ),
  )
}

/**
 * The Return button of one item: PREPAID is asked at once, COD only with complete bank details (seed 001). The details go to Arvind and
 * are kept nowhere. Throws a 409 when the item has no such button.
 */
export async function returnItem(
  site: ArvindSite,
  customer: string,
  orderId: string,
  itemId: string,
  wish: Wish,
  visit: Visit,
) {
  const asked = findItem(site, customer, orderId, itemId)
  const { order, item } = asked
  const isCod = order.payment_mode === 'COD'
  const form = isCod ? readNeft(wish.neftDetails) : undefined
  if (form?.ok === false) {
    requireButton(site, asked, 'return')
    return askForNeft(site, asked, form.problems)
  }
  const neft: NeftDetails | undefined = form?.details
  const hide = form === undefined ? [] : form.written
  return press(site, asked, 'return', hide, (keeps, attempt) =>
    site.arvind.return(
      {
        orderReference: orderId,
        channelId: arvindOf(site.settings).channel_id,
        paymentMode: order.payment_mode,
        returns: [
          {
            itemId,
            skuId: item.sku,
            quantity: item.quantity,
            reasonId: wish.reason ?? 'CUSTOMER_REQUEST',
            comment: wish.comment ?? '',
            returnMode: wish.return_mode ?? 'PICKUP',
          },
        ],
        pickupAddress: renderAddress(JSON.parse(order.address)),
        ...(neft !== undefined && { neftDetails: neft }),
      },
      { trace: visit.trace, attempt, orderId, keeps },
    ),
  )
}

/** The order and the item of this customer; throws a 404. */
function findItem(site: ArvindSite, customer: string, orderId: string, itemId: string): Asked {
  const order = findOrder(site.storage, orderId)
  if (order === undefined || order.customer !== customer) throw unknownOrder(orderId)
  const item = itemRows(site.storage, orderId).find((candidate) => candidate.id === itemId)
  if (item === undefined) {
    throw new ShopRefusal(404, 'unknown-item', `No item ${itemId} in order ${orderId}.`)
  }
  return { order, item }
}

function requireButton(site: ArvindSite, { order, item }: Asked, kind: AskKind) {
  if (buttonsOf(site, order, item)[kind]) return
  const code = kind === 'cancel' ? 'not-cancellable' : 'not-returnable'
  throw new ShopRefusal(409, code, `Item ${item.id} has no ${kind} button now.`)
}

function askForNeft(site: ArvindSite, { order, item }: Asked, problems: Problems) {
  return {
    page: 'neft-form',
    order_id: order.id,
    item_id: item.id,
    accepted: false,
    message: 'Tell us where to send the money: all fields are needed.',
    fields: problems,
    buttons: buttonsOf(site, order, item),
  }
}

/**
 * One press is one attempt: the customer is the one who tries again. It is written down before the call, so that a lost answer is
 * known as lost; the button goes on success only. A press after a success asks nobody.
 */
async function press(
  site: ArvindSite,
  asked: Asked,
  kind: AskKind,
  hide: string[],
  call: (keeps: KeptBodies, attempt: number) => Promise<string | null>,
) {
  const { item } = asked
  if (askRow(site, item.id, kind)?.state === 'accepted') return showAnswer(site, asked, {})
  requireButton(site, asked, kind)
  return site.once(`${kind}/${item.id}`, async () => {
    const isDoubtful = askRow(site, item.id, kind)?.state === 'asked'
    const attempt = site.storage.transaction(`${kind}-asked`, () => writeAsked(site, asked, kind))
    const keeps = { correlationId: `${kind}-${item.id}-${attempt}`, itemId: item.id, hide }
    try {
      const returnId = await call(keeps, attempt)
      site.storage.transaction(`${kind}-accepted`, () => {
        writeAccepted(site, asked, kind, `${kind} of ${item.id} accepted by Arvind`)
        if (returnId !== null) keepFacts(site, item.id, { return_id: returnId })
      })
      return showAnswer(site, asked, returnId === null ? {} : { return_id: returnId })
    } catch (error) {
      if (!(error instanceof PartnerError)) throw error
      return fail(site, asked, kind, { error, hide, isDoubtful })
    }
  })
}

function writeAsked(site: ArvindSite, { order, item }: Asked, kind: AskKind): number {
  site.storage.run(
    `INSERT INTO arvind_asks (item_id, kind, order_id, state, attempts, asked_at) VALUES (?, ?, ?, 'asked', 1, ?)
     ON CONFLICT (item_id, kind) DO UPDATE SET state = 'asked', attempts = attempts + 1, asked_at = excluded.asked_at,
     code = NULL, message = NULL, answered_at = NULL`,
    item.id,
    kind,
    order.id,
    site.nowMs(),
  )
  return askRow(site, item.id, kind)?.attempts ?? 1
}

function writeAccepted(site: ArvindSite, { order, item }: Asked, kind: AskKind, why: string) {
  writeState(site, item, kind, 'accepted', null, null)
  learnPushed(site, order.id, why)
  noteOrder(site, order.id, why)
  if (kind === 'cancel') oweItem(site, order.payment_mode, item)
}

type Failed = { error: PartnerError; hide: string[]; isDoubtful: boolean }

function fail(site: ArvindSite, asked: Asked, kind: AskKind, failed: Failed) {
  const { order, item } = asked
  const { failure } = failed.error
  const { hide } = failed
  const told = hideTails({ hide }, failure.message)
  if (failure.code === doneAlready[kind]) {
    site.storage.transaction(`${kind}-accepted`, () =>
      writeAccepted(site, asked, kind, `${kind} of ${item.id} known to Arvind already`),
    )
    return showAnswer(site, asked, {})
  }
  const isOpen = isInDoubt(failure, failed.isDoubtful)
  site.storage.transaction(`${kind}-failed`, () => {
    // While the call was under way a webhook may have told that it was done.
    if (askRow(site, item.id, kind)?.state === 'accepted') return
    const state = isOpen ? 'asked' : 'refused'
    writeState(site, item, kind, state, failure.code ?? failure.kind, told)
    noteOrder(site, order.id, `${kind} of ${item.id} failed: ${failure.code ?? told}`.slice(0, 500))
  })
  if (askRow(site, item.id, kind)?.state === 'accepted') return showAnswer(site, asked, {})
  return showAnswer(site, asked, {
    accepted: false,
    error_code: failure.code ?? failure.kind,
    message:
      failure.kind === 'refused' && !isOpen
        ? told
        : `We could not reach our partner. Please try again.`,
  })
}

function writeState(
  site: ArvindSite,
  item: ItemRow,
  kind: AskKind,
  state: string,
  code: string | null,
  message: string | null,
) {
  site.storage.run(
    'UPDATE arvind_asks SET state = ?, code = ?, message = ?, answered_at = ? WHERE item_id = ? AND kind = ?',
    state,
    code,
    message,
    state === 'asked' ? null : site.nowMs(),
    item.id,
    kind,
  )
}

function showAnswer(site: ArvindSite, { order, item }: Asked, more: object) {
  const now = itemRows(site.storage, order.id).find((candidate) => candidate.id === item.id) ?? item
  return {
    page: 'order',
    order_id: order.id,
    item_id: item.id,
    accepted: true,
    ...more,
    buttons: buttonsOf(site, orderRow(site.storage, order.id), now),
  }
}
