import type { ShopPorts } from '../ports.ts'
import { createPartnerStub, type Mishap, meet, type Sent } from './partner-stub.ts'

/** Plainly fake credentials, the same on both sides of a test. */
export const arvindAccount = {
  username: 'fake-arvind-user',
  password: 'fake-arvind-password',
  auth_token: 'fake-arvind-auth-token',
  channel_id: '19',
  warehouse_id: 'Brand_1',
  ordering_store_id: 'STORE-1',
  api_url: 'http://arvind.test',
}

type WireLine = { itemId: string; skuId: string; netAmount: number; quantity: number }

export type ArvindStubOrder = {
  orderReference: string
  channelId: string
  body: string
  items: WireLine[]
  isCod: boolean
  timesPushed: number
  cancelled: Set<string>
  returned: Map<string, string>
}

type Answer = { status: number; json: object }

/** A small hand-written reading of Arvind (arvind.md 3.2 to 3.6) beside the gateway's stub: enough to try the shop alone. */
export function createArvindStub(nowMs: () => number) {
  const gateway = createPartnerStub(nowMs)
  const state = {
    gateway,
    orders: new Map<string, ArvindStubOrder>(),
    stock: new Map<string, number>(),
    sent: [] as Sent[],
    mishaps: [] as { operation: string; mishap: Mishap }[],
    token: arvindAccount.auth_token,
  }
  const send: ShopPorts['fetch'] = async (url, init = {}) => {
    if (!url.startsWith(arvindAccount.api_url)) return gateway.send(url, init)
    const sent = {
      operation: operationOf(new URL(url).pathname),
      url,
      body: init.body,
      headers: init.headers ?? {},
    }
    state.sent.push(sent)
    const index = state.mishaps.findIndex((planned) => planned.operation === sent.operation)
    const mishap = index < 0 ? undefined : state.mishaps.splice(index, 1)[0]?.mishap
    return meet(mishap, () => ask(state, sent), init)
  }
  return {
    ...state,
    send,
    /** Plans what the next calls of an operation meet, one after the other. */
    plan(operation: string, ...mishaps: Mishap[]) {
      state.mishaps.push(...mishaps.map((mishap) => ({ operation, mishap })))
    },
    calls: (operation: string) => state.sent.filter((sent) => sent.operation === operation),
    revokeToken() {
      state.token = 'fake-other-token'
    },
    order(orderReference: string): ArvindStubOrder {
      const order = state.orders.get(orderReference)
      if (order === undefined) throw new Error(`The stub has no order ${orderReference}.`)
      return order
    },
  }
}

export type ArvindStub = ReturnType<typeof createArvindStub>
type State = Pick<ArvindStub, 'orders' | 'stock' | 'token'>

/** What a refusal looks like: HTTP 200 with a false status. */
export const refusal = (errorCode: string, message = errorCode.toLowerCase()): Mishap => ({
  status: 200,
  json: { status: false, errorCode, message, data: null },
})

export const basic = (
  username: string = arvindAccount.username,
  password: string = arvindAccount.password,
) => ({ authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` })

function operationOf(pathname: string): string {
  if (pathname === '/v1/order/checkServiceability') return 'serviceability'
  if (pathname === '/v1/KARTIFY/order/v2') return 'order-push'
  if (pathname === '/v1/KARTIFY/order/cancel') return 'cancel'
  if (pathname === '/v1/KARTIFY/order/return') return 'return'
  return pathname === '/orders/status/tracking' ? 'track-order' : pathname
}

const no = (errorCode: string, status = 200): Answer => ({
  status,
  json: { status: false, errorCode, message: errorCode.toLowerCase() },
})
const yes = (data: object): Answer => ({ status: 200, json: { status: true, message: 'ok', data } })

function ask(state: State, sent: Sent): Answer {
  if (sent.headers.authorization !== `Bearer ${state.token}`) return no('UNAUTHORIZED', 401)
  const body = JSON.parse(sent.body ?? '{}')
  switch (sent.operation) {
    case 'serviceability':
      return serviceability(state, body)
    case 'order-push':
      return push(state, sent.body ?? '', body)
    case 'cancel':
      return cancel(state, body)
    case 'return':
      return giveBack(state, body)
    case 'track-order': {
      const orderReference = new URL(sent.url).searchParams.get('orderReference') ?? ''
      return state.orders.has(orderReference) ? yes({ orderReference }) : no('ORDER_NOT_FOUND', 404)
    }
    default:
      return no('NOT_FOUND', 404)
  }
}

type Question = {
  location: string
  paymentMode: string
  items: { skuId: string; quantity: number }[]
}

function serviceability(state: State, question: Question): Answer {
  const isKnown = question.location !== '999999'
  const codAvailable = question.location !== '560099'
  const items = question.items.map((item) => {
    const availableQuantity = state.stock.get(item.skuId) ?? 5
    const inventoryAvailable = availableQuantity >= item.quantity
    const reason = isKnown
      ? inventoryAvailable
        ? null
        : 'INSUFFICIENT_INVENTORY'
      : 'PINCODE_NOT_SERVICEABLE'
    return {
      skuId: item.skuId,
      requestedQuantity: item.quantity,
      availableQuantity,
      serviceable: isKnown,
      inventoryAvailable,
      reason,
    }
  })
  const isFine = items.every((item) => item.reason === null)
  const serviceable = isFine && (codAvailable || question.paymentMode !== 'COD')
  return yes({ serviceable, codAvailable, items })
}

type PushBody = {
  orderReference: string
  channelId: string
  netAmount: number
  items: (WireLine & { financialStatus: { paymentMode: string }[] })[]
}

function push(state: State, bytes: string, body: PushBody): Answer {
  if (body.channelId !== arvindAccount.channel_id) return no('INVALID_CHANNEL', 400)
  const known = state.orders.get(body.orderReference)
  if (known !== undefined) {
    known.timesPushed += 1
    return no('DUPLICATE_ORDER')
  }
  const sum = body.items.reduce((total, item) => total + item.netAmount, 0)
  if (sum !== body.netAmount) return no('AMOUNT_MISMATCH')
  state.orders.set(body.orderReference, {
    orderReference: body.orderReference,
    channelId: body.channelId,
    body: bytes,
    items: body.items,
    isCod: body.items[0]?.financialStatus[0]?.paymentMode === 'COD',
    timesPushed: 1,
    cancelled: new Set(),
    returned: new Map(),
  })
  return yes({ orderId: `AI-${state.orders.size}`, orderReference: body.orderReference })
}

type CancelBody = { orderReference: string; items: { itemReference: string }[] }

function cancel(state: State, { orderReference, items: [item] }: CancelBody): Answer {
  const order = state.orders.get(orderReference)
  if (order === undefined || item === undefined) return no('ORDER_NOT_FOUND')
  const { itemReference } = item
  if (order.cancelled.has(itemReference)) return no('ALREADY_CANCELLED')
  order.cancelled.add(itemReference)
  return yes({ items: [{ itemReference, status: 'CANCELLED', eligible: true, reason: null }] })
}

type ReturnBody = {
  orderReference: string
  returns: { itemId: string }[]
  neftDetails?: { accountNumber: string }
}

function giveBack(state: State, body: ReturnBody): Answer {
  const order = state.orders.get(body.orderReference)
  const [item] = body.returns
  if (order === undefined || item === undefined) return no('ORDER_NOT_FOUND')
  if (order.isCod && body.neftDetails === undefined) return no('NEFT_REQUIRED')
  if (order.returned.has(item.itemId)) return no('ALREADY_RETURNED')
  const returnId = `RET-${order.returned.size + 1}`
  order.returned.set(item.itemId, returnId)
  return yes({ returns: [{ itemId: item.itemId, returnId, returnConsignmentId: 'RC-1' }] })
}
