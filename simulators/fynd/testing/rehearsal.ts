import type { Partner } from '../../core/partner.ts'
import { createWorld, type World, type WorldOptions } from '../../core/world.ts'
import { signRequest, writeSignatureDate } from '../auth.ts'
import { fynd } from '../index.ts'

/** One event as it left for the shop. */
export interface Sent {
  event: string
  body: SentBody
  text: string
  headers: Record<string, string>
}

export interface SentBody {
  event: string
  event_id: string
  status: string
  shipment_id: string | null
  previous_shipment_id: string | null
  bags: {
    bag_id: number
    status: string
    previous_status: string | null
    updated_at: string
    reason: { id: number; text: string } | null
  }[]
  refund: { amount: number; journey_type: string; payment_id: string | null } | null
  dp_details: { name: string; awb_no: string } | null
  [key: string]: unknown
}

export interface Reply<Body> {
  status: number
  body: Body
  headers: Headers
}

export interface Placed {
  success: boolean
  fynd_order_id: string
  order_status: string
  duplicate?: boolean
  shipments: {
    shipment_id: string
    fulfilling_store: { code: string }
    bags: { bag_id: number; affiliate_bag_id: string; sku: string; status: string }[]
  }[]
}

export interface RefusalBody {
  status: number
  message: string
  exception: string
  request_id: string
  info: { path: string; message: string }[] | null
}

/** A world with FYND alone and a shop that takes every event with 200: what the tests of this folder play with. */
export interface Rehearsal {
  world: World
  /** What the shop has received, oldest first. */
  inbox: Sent[]
  /** What the shop answers to an event: 200 until somebody says otherwise. */
  receiver: { status: number }
  /** The path is what follows the affiliate id. */
  get<Body = RefusalBody>(path: string, headers?: Record<string, string>): Promise<Reply<Body>>
  post<Body = RefusalBody>(
    path: string,
    body: unknown,
    headers?: Record<string, string>,
  ): Promise<Reply<Body>>
  /** Sends bytes as they are. */
  send<Body = RefusalBody>(
    method: string,
    path: string,
    options?: { text?: string; headers?: Record<string, string>; affiliateId?: string },
  ): Promise<Reply<Body>>
  order(changes?: OrderChanges): object
  place(changes?: OrderChanges): Promise<Reply<Placed>>
  pay(
    order: Placed,
    amount?: number,
    status?: string,
  ): Promise<Reply<RefusalBody & { message: string }>>
  act<Result = Record<string, unknown>>(name: string, input?: object): Result
  /** Moves time and delivers what is due. */
  advance(byMs: number): void
  /** Names of the events received. */
  events(): string[]
  things<Thing = Record<string, unknown>>(name: string): Thing[]
  sellable(sku: string, store: string): number
}

export interface OrderChanges {
  id?: string
  mode?: 'COD' | 'PREPAID'
  pincode?: string
  value?: number
  lines?: { sku: string; quantity?: number; amount?: number; id?: string }[]
  meta?: object
}

export const minuteMs = 60_000
export const hourMs = 60 * minuteMs

export function createRehearsal(
  assumptions: Record<string, unknown> = {},
  options: Partial<WorldOptions> = {},
): Rehearsal {
  const world = createWorld({ ...options, partners: [fynd as unknown as Partner], strict: true })
  world.setShop({ fynd: { base_url: 'http://127.0.0.1:4100' } })
  if (Object.keys(assumptions).length > 0) world.setAssumptions('fynd', assumptions)
  const inbox: Sent[] = []
  const receiver = { status: 200 }
  const pending: (() => void)[] = []
  world.onOutgoing((call) => {
    const body = JSON.parse(call.body) as SentBody
    inbox.push({ event: body.event, body, text: call.body, headers: call.headers })
    pending.push(() => world.answered(call.deliveryId, call.attempt, { status: receiver.status }))
  })
  const deliver = () => {
    world.clock.moveTo(world.clock.nowMs)
    for (let next = pending.shift(); next; next = pending.shift()) next()
  }
  const { affiliate_id = '', token = '' } = world.credentials('fynd')
  const send: Rehearsal['send'] = async <Body>(
    method: string,
    path: string,
    { text, headers = {}, affiliateId = affiliate_id }: Parameters<Rehearsal['send']>[2] = {},
  ) => {
    const url = `${world.baseUrl('fynd')}/v1/affiliates/${affiliateId}${path}`
    const authorization = `Bearer ${btoa(`${affiliate_id}:${token}`)}`
    const request = new Request(url, {
      method,
      headers: { authorization, 'content-type': 'application/json', ...headers },
      ...(text !== undefined && { body: text }),
    })
    const response = await world.fetch(request)
    const body = (await response.json()) as Body
    deliver()
    return { status: response.status, body, headers: response.headers }
  }
  const post: Rehearsal['post'] = (path, body, headers) =>
    send('POST', path, { text: JSON.stringify(body), ...(headers && { headers }) })
  const order: Rehearsal['order'] = (changes = {}) => writeOrder(affiliate_id, changes)
  const things = <Thing>(name: string) => world.things('fynd', name) as Thing[]
  return {
    world,
    inbox,
    receiver,
    send,
    post,
    get: (path, headers) => send('GET', path, headers ? { headers } : {}),
    order,
    place: (changes) => post('/orders', order(changes)),
    pay: (placed, amount = 499, status = 'success') =>
      post(`/orders/${placed.fynd_order_id}/payment/confirm`, {
        order_id: placed.fynd_order_id,
        payment_methods: [
          {
            mode: 'CARD',
            amount,
            name: 'Card',
            meta: { payment_id: 'pay_1', current_status: status },
          },
        ],
      }),
    act: <Result>(name: string, input: object = {}) => {
      const result = world.act(name, input) as Result
      deliver()
      return result
    },
    advance(byMs) {
      world.clock.moveTo(world.clock.nowMs + byMs)
      deliver()
    },
    events: () => inbox.map((sent) => sent.event),
    things,
    sellable: (sku, store) =>
      things<{ sku: string; store: string; sellable: number }>('stock').find(
        (row) => row.sku === sku && row.store === store,
      )?.sellable ?? -1,
  }
}

/** The headers of a signed write. */
export function sign(
  rehearsal: Rehearsal,
  path: string,
  text: string,
  changes: { atMs?: number; secret?: string; method?: string } = {},
): Record<string, string> {
  const { affiliate_id = '', secret = '' } = rehearsal.world.credentials('fynd')
  const date = writeSignatureDate(changes.atMs ?? rehearsal.world.clock.nowMs)
  const target = `/gofynd/v1/affiliates/${affiliate_id}${path}`
  const signature = signRequest(changes.secret ?? secret, {
    method: changes.method ?? 'POST',
    target,
    date,
    bodyText: text,
  })
  return { 'x-fp-date': date, 'x-fp-signature': signature }
}

function writeOrder(affiliateId: string, changes: OrderChanges): object {
  const lines = changes.lines ?? [{ sku: 'TEE-M' }]
  const id = changes.id ?? '100234'
  const address = {
    first_name: 'Asha',
    last_name: 'Example',
    email: 'asha@shop.example',
    mobile: '9000000001',
    phone: '',
    address1: '12 Example Road',
    address2: '',
    city: 'Bengaluru',
    state: 'Karnataka',
    country: 'India',
    pincode: changes.pincode ?? '560001',
  }
  const bags = lines.map(({ sku, quantity = 1, amount = 499 * quantity, id: bagId }, index) => ({
    affiliate_bag_id: bagId ?? `${id}-${index + 1}`,
    sku,
    seller_identifier: sku,
    item_size: sku.split('-')[1] ?? 'M',
    quantity,
    price_marked: 999,
    price_effective: 499,
    unit_price: 499,
    amount_paid: amount,
    discount: 0,
    delivery_charge: 0,
    transfer_price: 499,
  }))
  const sum = bags.reduce((total, bag) => total + bag.amount_paid, 0)
  return {
    affiliate_id: affiliateId,
    order_info: {
      affiliate_order_id: id,
      payment_mode: changes.mode ?? 'COD',
      order_value: changes.value ?? sum,
      shipping_address: address,
      billing_address: address,
      bags,
      ...(changes.meta && { meta: changes.meta }),
    },
  }
}
