import type { PartnerView } from '../../core/judge/views.ts'
import type { Partner } from '../../core/partner.ts'
import { createWorld, type World, type WorldOptions } from '../../core/world.ts'
import { arvind } from '../index.ts'

/** One call as it left for the shop. */
export interface Sent {
  event: string
  url: string
  body: SentBody
  text: string
  headers: Record<string, string>
  atMs: number
}

export interface SentBody {
  eventId: string
  orderReference: string
  channelId: string
  consignmentId?: string
  status: string
  statusTime: number
  items: { itemReference: string; skuId: string; quantity: number; status: string }[]
  inventories: { skuId: string; quantity: number; updatedAt?: number }[]
  [key: string]: unknown
}

export interface Reply {
  status: number
  body: Answered
}

export interface Answered {
  status: boolean
  errorCode?: string
  message: string
  data: {
    orderId: string
    items: { itemReference: string; status: string; eligible: boolean; reason: string | null }[]
    returns: { itemId: string; eligible: boolean; reason: string | null; returnId: string | null }[]
    [key: string]: unknown
  }
  [key: string]: unknown
}

/** A world with Arvind alone and a shop that takes everything: what the tests of this folder play with. */
export interface Rehearsal {
  world: World
  /** What the shop has received, oldest first. */
  inbox: Sent[]
  /** What the shop answers: 200 and `status: true` until somebody says otherwise. */
  receiver: { status: number; body: string }
  send(
    method: string,
    path: string,
    options?: { text?: string; headers?: Record<string, string>; token?: string },
  ): Promise<Reply>
  get(path: string): Promise<Reply>
  post(path: string, body: unknown): Promise<Reply>
  order(changes?: OrderChanges): OrderBody
  /** Pushes an order. */
  push(changes?: OrderChanges): Promise<Reply>
  cancel(changes?: object): Promise<Reply>
  giveBack(changes?: object): Promise<Reply>
  /** May TEE-M go there? Changes replace fields of the question. */
  ask(changes?: object): Promise<Reply>
  act<Result = Record<string, unknown>>(name: string, input?: object): Result
  /** Moves time and delivers what is due. */
  advance(byMs: number): void
  /** Statuses told, in order. */
  told(): string[]
  /** Update inventory calls, in order. */
  pushes(): Sent[]
  things<Thing = Record<string, unknown>>(name: string): Thing[]
  statusOf(itemReference: string): string
  row(skuId: string, centre: string): Record<string, number>
  total(skuId: string): number
  /** What the judge sees of Arvind. */
  view(): PartnerView
}

export interface OrderChanges {
  id?: string
  isCod?: boolean
  pincode?: string
  netAmount?: number
  channelId?: string
  orderingStoreId?: string
  warehouseId?: string
  lines?: { skuId: string; quantity?: number }[]
}

export type OrderBody = ReturnType<typeof writeOrder>

export const minuteMs = 60_000
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs
export const orderReference = '10000000017'
export const first = `${orderReference}-1`
export const second = `${orderReference}-2`

export const neft = {
  customerName: 'Asha Example',
  bankName: 'Example Bank',
  branchName: 'Example Road',
  branchAddress: '1 Example Road',
  accountNature: 'SAVINGS',
  accountNumber: '0000 1234 5678',
  ifscCode: 'exmp0000001',
}

/** The partner, with the judge's view for tests to look at. */
const staged: Partner = {
  ...arvind,
  things: { ...arvind.things, view: (ctx) => [arvind.view(ctx)] },
}

export function createRehearsal(
  assumptions: Record<string, unknown> = {},
  options: Partial<WorldOptions> = {},
): Rehearsal {
  const world = createWorld({ ...options, partners: [staged], strict: true })
  world.setShop({ arvind: { base_url: 'http://127.0.0.1:4101' } })
  if (Object.keys(assumptions).length > 0) world.setAssumptions('arvind', assumptions)
  const inbox: Sent[] = []
  const receiver = { status: 200, body: '{"status":true,"successList":[],"failureList":[]}' }
  const deliver = listen(world, inbox, receiver)
  const { auth_token = '' } = world.credentials('arvind')
  const send: Rehearsal['send'] = async (method, path, options = {}) => {
    const { text, headers = {}, token = `Bearer ${auth_token}` } = options
    const request = new Request(`${world.baseUrl('arvind')}${path}`, {
      method,
      headers: { authorization: token, 'content-type': 'application/json', ...headers },
      ...(text !== undefined && { body: text }),
    })
    const response = await world.fetch(request)
    const body = (await response.json()) as Answered
    deliver()
    return { status: response.status, body }
  }
  const post: Rehearsal['post'] = (path, body) => send('POST', path, { text: JSON.stringify(body) })
  const { channel_id: channelId = '' } = world.credentials('arvind')
  const base = { orderReference, channelId }
  const returns = [{ itemId: first, returnMode: 'PICKUP' }]
  const things = <Thing>(name: string) => world.things('arvind', name) as Thing[]
  const order: Rehearsal['order'] = (changes = {}) =>
    writeOrder(world.credentials('arvind'), changes)
  const items = [{ skuId: 'TEE-M', quantity: 1 }]
  return {
    world,
    inbox,
    receiver,
    send,
    post,
    get: (path) => send('GET', path),
    order,
    push: (changes) => post('/v1/KARTIFY/order/v2', order(changes)),
    cancel: (changes = {}) => post('/v1/KARTIFY/order/cancel', { ...base, ...changes }),
    giveBack: (changes = {}) => post('/v1/KARTIFY/order/return', { ...base, returns, ...changes }),
    ask: (changes = {}) =>
      post('/v1/order/checkServiceability', { location: '560001', items, ...changes }),
    act: <Result>(name: string, input: object = {}) => {
      const result = world.act(name, input) as Result
      deliver()
      return result
    },
    advance(byMs) {
      play(world, world.clock.nowMs + byMs, deliver)
    },
    told: () => inbox.filter(isStatus).map(({ event }) => event),
    pushes: () => inbox.filter((sent) => !isStatus(sent)),
    things,
    statusOf: (itemReference) =>
      things<{ itemReference: string; status: string }>('item').find(
        (item) => item.itemReference === itemReference,
      )?.status ?? 'unknown',
    row: (skuId, centre) =>
      things<Record<string, number>>('stock').find(
        (row) => String(row.skuId) === skuId && String(row.centre) === centre,
      ) ?? {},
    total: (skuId) =>
      things<{ skuId: string; quantity: number }>('total').find((row) => row.skuId === skuId)
        ?.quantity ?? -1,
    view: () => things<PartnerView>('view')[0] ?? {},
  }
}

const isStatus = ({ event }: Sent): boolean => !event.endsWith('update-inventory')

/** Collects what leaves, and answers it as the receiver does then. */
function listen(world: World, inbox: Sent[], receiver: Rehearsal['receiver']): () => void {
  const pending: (() => void)[] = []
  world.onOutgoing((call) => {
    const body = readBody(call.body)
    const { event = '' } = world.deliveries().find(({ id }) => id === call.deliveryId) ?? {}
    const { url, headers } = call
    inbox.push({ event, url, body, text: call.body, headers, atMs: world.clock.nowMs })
    pending.push(() => world.answered(call.deliveryId, call.attempt, { ...receiver }))
  })
  return () => {
    world.clock.moveTo(world.clock.nowMs)
    for (let next = pending.shift(); next; next = pending.shift()) next()
  }
}

/** Stops at every piece of work on the way, so that answers come when they are due. */
function play(world: World, untilMs: number, deliver: () => void): void {
  deliver()
  for (;;) {
    const dueMs = (['work', 'deadline', 'periodic'] as const)
      .flatMap((kind) => world.clock.next(kind)?.dueMs ?? [])
      .reduce((least, each) => Math.min(least, each), untilMs + 1)
    if (dueMs > untilMs) break
    world.clock.moveTo(Math.max(dueMs, world.clock.nowMs))
    deliver()
  }
  world.clock.moveTo(untilMs)
  deliver()
}

/** A fault may have cut it. */
function readBody(text: string): SentBody {
  try {
    return JSON.parse(text) as SentBody
  } catch {
    return {} as SentBody
  }
}

function writeOrder(credentials: Record<string, string>, changes: OrderChanges) {
  const id = changes.id ?? orderReference
  const items = (changes.lines ?? [{ skuId: 'TEE-M' }]).map(({ skuId, quantity = 1 }, index) => {
    const netAmount = 499 * quantity
    return {
      itemId: String(index + 1),
      itemReference: `${id}-${index + 1}`,
      skuId,
      warehouseId: changes.warehouseId ?? credentials.warehouse_id ?? '',
      quantity,
      mrp: 999,
      netAmount,
      financialStatus: [
        changes.isCod
          ? { amount: netAmount, paymentMode: 'COD', paymentStatus: 'pending' }
          : { amount: netAmount, paymentMode: 'CARD', paymentStatus: 'paid' },
      ],
      productDetails: { skuId },
    }
  })
  return {
    orderReference: id,
    orderReference2: id,
    channelId: changes.channelId ?? credentials.channel_id ?? '',
    orderingStoreId: changes.orderingStoreId ?? credentials.ordering_store_id ?? '',
    orderStatus: 'processing',
    currency: null,
    netAmount: changes.netAmount ?? items.reduce((sum, item) => sum + item.netAmount, 0),
    shippingAddress: { customerName: 'Asha Example', zip: changes.pincode ?? '560001' },
    customer: { firstName: 'Asha' },
    items,
  }
}
