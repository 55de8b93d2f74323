import type { ShopPorts, ShopRequestInit } from '../ports.ts'
import {
  answerCatalogue,
  createStubCatalogue,
  type StubCatalogue,
  type StubProductJob,
} from './konnect-stub-catalogue.ts'
import { writeOrder } from './konnect-stub-orders.ts'
import type { Mishap } from './partner-stub.ts'

export const konnectUrl = 'http://konnect.test'

/** Plainly fake credentials, the same on both sides of a test. */
export const account = {
  username: 'fake-company',
  password: 'fake company&password',
  locations: {
    'BLR-01': { username: 'fake-blr', password: 'fake-blr-password' },
    'DEL-01': { username: 'fake-del', password: 'fake-del-password' },
  } as Record<string, { username: string; password: string }>,
}

export type StubLine = { id: string; sku: string; quantity: number; isCancelled: boolean }
export type StubOrder = {
  id: string
  forwardId: string
  location: string
  status: string
  atMs: number
  isSelfShip: boolean
  isReturn: boolean
  isLocked: boolean
  isDispatched: boolean
  lines: StubLine[]
  courier: string | null
  awb: string[]
  invoices: string[]
  creditNotes: string[]
  pushed: string[]
  qc: { orderItemId: string; quantity: number; reasonCode: string }[]
}

export type KonnectCall = {
  url: string
  method: string
  path: string
  query: URLSearchParams
  body: unknown
  headers: Record<string, string>
  /** The location of the token, '' for the company's, undefined without one. */
  access: string | undefined
}

export type StubAnswer = { status: number; json?: unknown; pdf?: string }

export type KonnectState = {
  orders: Map<string, StubOrder>
  stock: Map<string, number>
  prices: Map<string, { esp: number; mrp: number }>
  catalogue: StubCatalogue
  jobs: Map<string, StubProductJob>
  /** SKUs that Konnect does not know. */
  unknownSkus: Set<string>
  tokens: Map<string, { access: string; expiresAtMs: number }>
  tokenLifetimeMs: number
  nowMs(): number
}

/** A small hand-written reading of Konnect (konnect.md): enough to try the seller alone. */
export function createKonnectStub(nowMs: () => number) {
  const state: KonnectState = {
    orders: new Map(),
    stock: new Map(),
    prices: new Map(),
    catalogue: createStubCatalogue(),
    jobs: new Map(),
    unknownSkus: new Set(),
    tokens: new Map(),
    tokenLifetimeMs: 3_600_000,
    nowMs,
  }
  const sent: KonnectCall[] = []
  const mishaps: { operation: string; mishap: Mishap }[] = []
  const overrides = new Map<string, (call: KonnectCall) => StubAnswer | undefined>()
  const send: ShopPorts['fetch'] = async (url, init = {}) => {
    const call = readCall(state, url, init)
    sent.push(call)
    const operation = `${call.method} ${call.path}`
    const index = mishaps.findIndex((planned) => planned.operation === operation)
    const mishap = index < 0 ? undefined : mishaps.splice(index, 1)[0]?.mishap
    return meet(mishap, () => overrides.get(operation)?.(call) ?? answer(state, call), init)
  }
  let orderCount = 0
  return {
    state,
    sent,
    send,
    /** Replaces the stub's own answer to an operation such as `PUT /ims/v3/price`. */
    override: (operation: string, reply: (call: KonnectCall) => StubAnswer | undefined) =>
      overrides.set(operation, reply),
    plan(operation: string, ...planned: Mishap[]) {
      mishaps.push(...planned.map((mishap) => ({ operation, mishap })))
    },
    calls: (operation: string) =>
      sent.filter((call) => `${call.method} ${call.path}` === operation),
    /** An order of a channel: its units leave what Konnect can sell. */
    place(order: Partial<StubOrder> & { lines?: StubLine[] } = {}): StubOrder {
      orderCount += 1
      const id = order.id ?? String(17_000_000_000_000_000_000n + BigInt(orderCount))
      const placed: StubOrder = {
        id,
        forwardId: id,
        location: 'BLR-01',
        status: 'CREATED',
        atMs: nowMs(),
        isSelfShip: false,
        isReturn: false,
        isLocked: false,
        isDispatched: false,
        lines: [{ id: `${orderCount}01`, sku: 'TEE-M', quantity: 1, isCancelled: false }],
        courier: null,
        awb: [],
        invoices: [],
        creditNotes: [],
        pushed: [],
        qc: [],
        ...order,
      }
      state.orders.set(id, placed)
      if (!placed.isReturn) {
        for (const { sku, quantity } of placed.lines) {
          const key = `${placed.location}\n${sku}`
          const left = state.stock.get(key)
          if (left !== undefined) state.stock.set(key, left - quantity)
        }
      }
      return placed
    },
    order(id: string): StubOrder {
      const found = state.orders.get(id)
      if (found === undefined) throw new Error(`The stub has no order ${id}.`)
      return found
    },
    /** Every token issued so far is worth nothing from now on. */
    revokeTokens: () => state.tokens.clear(),
  }
}

export type KonnectStub = ReturnType<typeof createKonnectStub>

function answer(state: KonnectState, call: KonnectCall): StubAnswer {
  if (call.path === '/aggregator/v1/token') return issueToken(state, call)
  if (call.access === undefined) {
    return { status: 401, json: { status: 'FAILED', message: 'Invalid or expired access token' } }
  }
  if (call.path.startsWith('/v3/catalog/')) return answerCatalogue(state, call)
  switch (`${call.method} ${call.path}`) {
    case 'PUT /ims/v3/inventory':
      return putRows(state, call, (key, row) => state.stock.set(key, Number(row.quantity)))
    case 'PUT /ims/v3/price':
      return putRows(state, call, (key, row) =>
        state.prices.set(key, { esp: Number(row.esp), mrp: Number(row.mrp) }),
      )
    case 'GET /ims/v3/listings':
      return listings(state, call)
    case 'GET /ims/v3/listings/count': {
      const skus = new Set([...state.stock.keys()].map((key) => key.split('\n')[1]))
      return { status: 200, json: { data: { listing_count: skus.size }, meta: {} } }
    }
    case 'GET /oms/v3/shipment':
      return listOrders(state, call)
    case 'GET /oms/v3/shipment/info': {
      const order = state.orders.get(call.query.get('orderId') ?? '')
      const orders = order === undefined ? [] : [{ id: order.id, lockStatus: order.isLocked }]
      return { status: 200, json: { orders } }
    }
    default:
      return writeOrder(state, call)
  }
}

function issueToken(state: KonnectState, { query }: KonnectCall): StubAnswer {
  const [username, password] = [query.get('username'), query.get('password')]
  const isCompany = username === account.username && password === account.password
  const location = Object.entries(account.locations).find(
    ([, own]) => own.username === username && own.password === password,
  )?.[0]
  const access = isCompany ? '' : location
  if (access === undefined) {
    return { status: 401, json: { status: 'FAILED', message: 'Invalid username or password' } }
  }
  const token = `fake-token-${state.tokens.size + 1}-${state.nowMs()}`
  state.tokens.set(token, { access, expiresAtMs: state.nowMs() + state.tokenLifetimeMs })
  return { status: 200, json: { access_token: token, token, status: 'SUCCESS' } }
}

type Row = { location_id: string; sku: string } & Record<string, unknown>

function putRows(
  state: KonnectState,
  call: KonnectCall,
  apply: (key: string, row: Row) => void,
): StubAnswer {
  const rows = call.body as Row[]
  if (rows.length > 500) return { status: 400, json: { status: 'FAILED', message: 'At most 500' } }
  const errors = rows.flatMap((row) => {
    const isForeign = call.access !== '' && call.access !== row.location_id
    if (isForeign || state.unknownSkus.has(row.sku)) {
      const { location_id, sku } = row
      return [{ location_id, sku, code: 'I422', message: 'Unknown SKU' }]
    }
    apply(`${row.location_id}\n${row.sku}`, row)
    return []
  })
  return {
    status: 200,
    json: {
      data: {
        payload_count: rows.length,
        success_count: rows.length - errors.length,
        failed_count: errors.length,
        errors,
      },
      meta: { status: errors.length === 0 ? 'SUCCESS' : 'PARTIAL_SUCCESS' },
    },
  }
}

function listings(state: KonnectState, { query, access }: KonnectCall): StubAnswer {
  const size = Number(query.get('page_size'))
  const start = (Number(query.get('page_no')) - 1) * size
  const data = [...state.stock]
    .map(([key, quantity]) => {
      const [location_id = '', sku = ''] = key.split('\n')
      return { location_id, sku, quantity, ...state.prices.get(key) }
    })
    .filter((row) => access === '' || row.location_id === access)
    .slice(start, start + size)
  return { status: 200, json: { data, meta: {} } }
}

function listOrders(state: KonnectState, { query, access }: KonnectCall): StubAnswer {
  const [orderId, status] = [query.get('orderId'), query.get('orderStatus')]
  const location = access === '' ? query.get('locationCode') : access
  if (orderId !== null) {
    const order = state.orders.get(orderId)
    const isOurs = order !== undefined && (access === '' || order.location === access)
    return { status: 200, json: isOurs ? [renderOrder(order)] : [] }
  }
  if (location == null || status === null) {
    return { status: 400, json: { status: 'FAILED', message: 'locationCode is required' } }
  }
  const within = (atMs: number) => {
    // Naive dates are Indian time.
    const ms = (text: string | null, usual: number) =>
      text === null ? usual : Date.parse(`${text}+05:30`)
    const from = ms(query.get('orderDateFrom'), 0)
    return atMs >= from && atMs <= ms(query.get('orderDateTo'), Number.POSITIVE_INFINITY)
  }
  const size = Number(query.get('pageSize') ?? 20)
  const start = (Number(query.get('pageNumber') ?? 1) - 1) * size
  const found = [...state.orders.values()]
    .filter((order) => order.location === location && order.status === status)
    .filter((order) => within(order.atMs))
    .reverse()
  return { status: 200, json: found.slice(start, start + size).map(renderOrder) }
}

function renderOrder(order: StubOrder) {
  return {
    id: order.id,
    forwardId: order.forwardId,
    marketplaceOrderId: `FY${order.forwardId.slice(-8)}`,
    marketplaceInvoiceNumber: order.invoices[0] ?? null,
    marketplaceReturnId: order.isReturn ? `RT${order.id.slice(-8)}` : null,
    orderStatus: order.status,
    orderDate: `${new Date(order.atMs).toISOString().slice(0, 19)}+00:00`,
    orderingChannel: 'ECOMM',
    is_self_ship: order.isSelfShip,
    courierName: order.courier,
    courierCode: order.courier,
    awbNumber: order.awb,
    orderItems: order.lines.map((line) => ({
      orderItemId: line.id,
      sku: line.sku,
      quantity: line.quantity,
      itemStatus: line.isCancelled ? 'cancelled_customer' : null,
    })),
  }
}

function readCall(state: KonnectState, url: string, init: ShopRequestInit): KonnectCall {
  const { pathname, searchParams } = new URL(url)
  const headers = init.headers ?? {}
  const token = state.tokens.get(headers['x-access-token'] ?? '')
  const isLive = token !== undefined && state.nowMs() < token.expiresAtMs
  return {
    url,
    method: init.method ?? 'GET',
    path: pathname,
    query: searchParams,
    body: init.body === undefined ? undefined : JSON.parse(init.body),
    headers,
    access: isLive ? token.access : undefined,
  }
}

async function meet(
  mishap: Mishap | undefined,
  apply: () => StubAnswer,
  init: ShopRequestInit,
): Promise<Response> {
  if (mishap === undefined) return render(apply())
  if (mishap === 'answer-lost') apply()
  if (mishap === 'answer-lost' || mishap === 'reset') throw failed('ECONNRESET')
  if (mishap === 'refused-connection') throw failed('ECONNREFUSED')
  if (mishap === 'html') return new Response('<html>Maintenance</html>', { status: 200 })
  if (mishap === 'hang') {
    return new Promise((_, reject) => {
      init.signal?.addEventListener('abort', () => reject(init.signal?.reason))
    })
  }
  return new Response(JSON.stringify(mishap.json ?? {}), {
    status: mishap.status,
    headers: { 'content-type': 'application/json', ...mishap.headers },
  })
}

function render({ status, json, pdf }: StubAnswer): Response {
  if (pdf !== undefined) {
    return new Response(pdf, { status, headers: { 'content-type': 'application/pdf' } })
  }
  return new Response(JSON.stringify(json), {
    status,
    headers: { 'content-type': 'application/json' },
  })
}

function failed(code: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) })
}
