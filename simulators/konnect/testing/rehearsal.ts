import type { Partner } from '../../core/partner.ts'
import { createWorld, type World, type WorldOptions } from '../../core/world.ts'
import { konnect } from '../index.ts'

export interface Reply<Body> {
  status: number
  body: Body
  headers: Headers
  /** Undefined when the answer was JSON. */
  pdf: string | undefined
}

export interface CallOptions {
  body?: unknown
  /** Undefined: the company's token of the sandbox; null: none. */
  token?: string | null | undefined
  /** The prefix: `/a/ginesys`. */
  server?: string
  headers?: Record<string, string>
}

/** One order event as it left for the seller. */
export interface Sent {
  url: string
  event: string
  body: { event: string; shipment: Record<string, unknown>; time: string }
  text: string
  headers: Record<string, string>
}

export interface Described {
  order_id: string
  forward_id: string
  location: string
  state: string
  items: { order_item_id: string; sku: string; quantity: number }[]
}

/** A world with Konnect alone and a seller that takes every event with 200: what the tests of this folder play with. */
export interface Rehearsal {
  world: World
  inbox: Sent[]
  receiver: { status: number }
  /** A token of the company, of one location, or of another sandbox. */
  login(location?: string, aggregator?: string): Promise<string>
  call<Body = Record<string, unknown>>(
    method: string,
    path: string,
    options?: CallOptions,
  ): Promise<Reply<Body>>
  get<Body = Record<string, unknown>>(path: string, token?: string): Promise<Body>
  /** One of the batch calls below `/oms/v3/shipment/`. */
  oms(what: string, records: unknown, token?: string): Promise<OmsReply>
  act<Result = Described>(name: string, input?: object): Result
  place(input?: object): Described
  /** Moves time and delivers what is due. */
  advance(seconds: number): void
  things<Thing = Record<string, unknown>>(name: string): Thing[]
  order(id: string): Record<string, unknown> & { state: string; orderStatus: string }
  stock(sku: string, location?: string): Record<string, number>
}

export interface OmsReply {
  status: number
  pdf: string | undefined
  body: {
    payloadCount: number
    successCount: number
    failedCount: number
    status: string
    errors: { orderId: string | null; orderItemId?: string; code: string; message: string }[]
    data: unknown
  }
  /** The code of the first record that failed. */
  code: string | undefined
}

const puts = new Set(['awb', 'status'])

export function createRehearsal(
  assumptions: Record<string, unknown> = {},
  options: Partial<WorldOptions> = {},
): Rehearsal {
  const world = createWorld({ ...options, partners: [konnect as unknown as Partner], strict: true })
  if (Object.keys(assumptions).length > 0) world.setAssumptions('konnect', assumptions)
  const inbox: Sent[] = []
  const receiver = { status: 200 }
  const pending: (() => void)[] = []
  world.onOutgoing((call) => {
    const body = JSON.parse(call.body) as Sent['body']
    inbox.push({ url: call.url, event: body.event, body, text: call.body, headers: call.headers })
    pending.push(() => world.answered(call.deliveryId, call.attempt, { status: receiver.status }))
  })
  const deliver = () => {
    world.clock.moveTo(world.clock.nowMs)
    for (let next = pending.shift(); next; next = pending.shift()) next()
  }
  const consoleToken = world.credentials('konnect').access_token
  const call: Rehearsal['call'] = async <Body>(
    method: string,
    path: string,
    { body, token, server = '', headers = {} }: CallOptions = {},
  ) => {
    const key = token === undefined ? consoleToken : token
    const request = new Request(`${world.baseUrl('konnect')}${server}${path}`, {
      method,
      headers: {
        ...(typeof key === 'string' && { 'x-access-token': key }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const response = await world.fetch(request)
    const isPdf = response.headers.get('content-type') === 'application/pdf'
    const pdf = isPdf ? Buffer.from(await response.arrayBuffer()).toString('latin1') : undefined
    const read = (isPdf ? {} : await response.json()) as Body
    deliver()
    return { status: response.status, body: read, headers: response.headers, pdf }
  }
  const things = <Thing>(name: string) => world.things('konnect', name) as Thing[]
  const act: Rehearsal['act'] = <Result>(name: string, input: object = {}) => {
    const result = world.act(name, input) as Result
    deliver()
    return result
  }
  return {
    world,
    inbox,
    receiver,
    call,
    act,
    things,
    async login(location, aggregator = 'fyndkonnect') {
      const shown = act<{ username: string; password: string }>('konnect.login.show', {
        aggregator,
        ...(location !== undefined && { location }),
      })
      const query = new URLSearchParams(shown).toString()
      const server = aggregator === 'fyndkonnect' ? '' : `/a/${aggregator}`
      const reply = await call<{ access_token: string }>('GET', `/aggregator/v1/token?${query}`, {
        token: null,
        server,
      })
      return reply.body.access_token
    },
    get: async <Body>(path: string, token?: string) =>
      (await call<Body>('GET', path, { token })).body,
    async oms(what, records, token) {
      const reply = await call<OmsReply['body']>(
        puts.has(what) ? 'PUT' : 'POST',
        `/oms/v3/shipment/${what}`,
        { body: records, token },
      )
      const data = reply.body.data as { errors?: OmsReply['body']['errors'] } | undefined
      const [first] = reply.body.errors ?? data?.errors ?? []
      return { status: reply.status, pdf: reply.pdf, body: reply.body, code: first?.code }
    },
    place: (input = {}) => act('konnect.order.place', { lines: [{ sku: 'TEE-M' }], ...input }),
    advance(seconds) {
      world.clock.moveTo(world.clock.nowMs + seconds * 1000)
      deliver()
    },
    order: (id) => findOrder(things('order'), id),
    stock: (sku, location = 'BLR-01') => findRow(things('stock'), sku, location),
  }
}

function findOrder(orders: ReturnType<Rehearsal['order']>[], id: string) {
  const order = orders.find((each) => each.id === id)
  if (!order) throw new Error(`No order ${id}`)
  return order
}

function findRow(rows: Record<string, unknown>[], sku: string, location: string) {
  const row = rows.find((each) => each.sku === sku && each.location_id === location)
  if (!row) throw new Error(`No row of ${sku} at ${location}`)
  return row as Record<string, number>
}
