import { expect, test } from 'vitest'
import { switchGaps } from '../core/testing/switch-gaps.ts'
import { assumptions, type KonnectAssumptions } from './assumptions.ts'
import { createRehearsal, type Rehearsal } from './testing/rehearsal.ts'

interface Show {
  /** Every value of an enumerated switch; for any other its default and another one. */
  values: readonly unknown[]
  /** Something that a client can see: an answer, what arrives, a state. It must differ from value to value. */
  look(seller: Rehearsal): unknown
}

const shop = { konnect: { base_url: 'http://127.0.0.1:4102' } }

const advance = (seller: Rehearsal, order_id: string, to: string) =>
  seller.act('konnect.order.advance', { order_id, to })

/** An order that everybody has brought to a state. */
function orderAt(seller: Rehearsal, to: string, input: object = {}): string {
  const { order_id } = seller.place(input)
  advance(seller, order_id, to)
  return order_id
}

async function write(seller: Rehearsal, method: string, product: object) {
  const body = { template: 'tops', products: [product] }
  const reply = await seller.call<{ trace_id: string; failed: number }>(
    method,
    '/v3/catalog/product',
    { body },
  )
  return reply.body
}

const job = async (seller: Rehearsal, method: string, product: object) =>
  seller.get(`/v3/catalog/status?trace_id=${(await write(seller, method, product)).trace_id}`)

const tee = { slug: 'crew-neck-tee', brand: 'Northbound', item_code: 'TEE' }
const strange = { item_code: 'TEE', hs_code: '9999' }
const formOf = (traceId: string) => traceId.replace(/[0-9a-f]/g, 'x').length

const shows: Record<keyof KonnectAssumptions, Show> = {
  token_seconds: {
    values: [3600, 60],
    look: async (seller) => {
      const token = await seller.login()
      seller.advance(120)
      return (await seller.call('GET', '/v3/catalog/company-brand', { token })).status
    },
  },
  token_reissue: {
    values: ['keep', 'replace'],
    look: async (seller) => {
      const token = await seller.login()
      await seller.login()
      return (await seller.call('GET', '/v3/catalog/company-brand', { token })).status
    },
  },
  rate_limit_per_minute: {
    values: [null, 2],
    look: async (seller) => {
      for (let call = 0; call < 2; call += 1) await seller.get('/v3/catalog/company-brand')
      return (await seller.call('GET', '/v3/catalog/company-brand')).status
    },
  },
  catalog_seconds: {
    values: [2, 100],
    look: async (seller) => {
      const { trace_id } = await write(seller, 'DELETE', tee)
      seller.advance(5)
      return (await seller.get(`/v3/catalog/status?trace_id=${trace_id}`)).stage
    },
  },
  product_checks: {
    values: ['processing', 'intake'],
    look: async (seller) => (await write(seller, 'PUT', strange)).failed,
  },
  product_status: {
    values: ['reference', 'guide'],
    look: async (seller) => (await job(seller, 'DELETE', tee)).status,
  },
  product_write: {
    values: ['selective', 'strict'],
    look: async (seller) => (await write(seller, 'DELETE', tee)).failed,
  },
  trace_ids: {
    values: ['by_operation', 'uuid', 'timestamped', 'mixed'],
    look: async (seller) => {
      const forms = []
      for (const method of ['PUT', 'DELETE', 'PUT', 'DELETE', 'PUT', 'DELETE', 'PUT', 'DELETE']) {
        forms.push(formOf((await write(seller, method, tee)).trace_id))
      }
      return forms
    },
  },
  category_channel: {
    values: ['FYND', 'AJIO_VMS'],
    look: async (seller) =>
      (await seller.get<{ items: object[] }>('/v3/catalog/category?slug=t-shirts')).items,
  },
  listing_count: {
    values: ['skus', 'rows'],
    look: async (seller) => (await seller.get('/ims/v3/listings/count')).data,
  },
  courier_seconds: {
    values: [3, 60],
    look: async (seller) => {
      const order_id = orderAt(seller, 'bag_invoiced')
      seller.advance(10)
      return seller.order(order_id).state
    },
  },
  dispatch: {
    values: ['waits_for_courier', 'picked'],
    look: async (seller) => {
      const orderId = orderAt(seller, 'bag_packed')
      await seller.oms('dispatch', [{ orderId }])
      return seller.order(orderId).orderStatus
    },
  },
  cancel_when_packed: {
    values: ['refuse', 'accept'],
    look: async (seller) => {
      const { order_id: orderId, items } = seller.place()
      advance(seller, orderId, 'bag_packed')
      const orderItems = items.map(({ order_item_id }) => ({
        orderItemId: order_item_id,
        quantity: 1,
        reasonCode: '6',
      }))
      return (await seller.oms('cancel', [{ orderId, orderItems }])).code
    },
  },
  reassigned_stock: {
    values: ['sellable', 'unavailable'],
    look: (seller) => {
      const { order_id } = seller.place()
      seller.act('konnect.order.reassign', { order_id, location: 'DEL-01' })
      return seller.stock('TEE-M').sellable
    },
  },
  accepted_status: {
    values: ['RETURN_COMPLETED', 'RETURN_ACCEPTED'],
    look: async (seller) => {
      const order_id = orderAt(seller, 'rto_bag_accepted')
      const [order] = await seller.get<{ orderStatus: string }[]>(
        `/oms/v3/shipment?orderId=${order_id}`,
      )
      return order?.orderStatus
    },
  },
  auto_dispatch: {
    values: ['lenient', 'boolean'],
    look: async (seller) => {
      const orderId = orderAt(seller, 'dp_assigned', { self_ship: true })
      const awb = { orderId, awbNumber: 'A1', courierName: 'Van', autoDispatch: 'true' }
      return (await seller.oms('awb', [awb])).code
    },
  },
  order_page_size: {
    values: [20, 2],
    look: async (seller) => {
      for (let order = 0; order < 3; order += 1) seller.place()
      const path = '/oms/v3/shipment?orderStatus=CREATED&locationCode=BLR-01'
      return (await seller.get<object[]>(path)).length
    },
  },
  sla_hours: {
    values: [24, 2],
    look: async (seller) => {
      const { order_id } = seller.place()
      return seller.get(`/oms/v3/shipment/info?orderId=${order_id}`)
    },
  },
  order_events: {
    values: ['on', 'off'],
    look: (seller) => {
      seller.world.setShop(shop)
      seller.place()
      return seller.inbox.length
    },
  },
  webhook_signature: {
    values: ['hmac', 'none'],
    look: (seller) => {
      seller.world.setShop(shop)
      seller.place()
      return Object.keys(seller.inbox[0]?.headers ?? {})
    },
  },
  webhook_ladder: {
    values: [assumptions.parse({}).webhook_ladder, [1]],
    look: (seller) => {
      seller.world.setShop(shop)
      seller.receiver.status = 503
      seller.place()
      seller.advance(5)
      return seller.inbox.length
    },
  },
  webhook_order: {
    values: ['fifo', 'shuffle'],
    look: (seller) => {
      seller.world.setShop(shop)
      orderAt(seller, 'delivery_done')
      for (let second = 0; second < 20; second += 1) seller.advance(1)
      return seller.inbox.map(({ event }) => event)
    },
  },
}

test.each(Object.entries(shows))('%s: every value shows', async (name, { values, look }) => {
  const seen = new Map<string, unknown>()
  for (const value of values) {
    const seller = createRehearsal({ [name]: value })
    const shown = JSON.stringify(await look(seller)) ?? 'nothing'
    expect(seen.get(shown), `${name} ${JSON.stringify(value)} shows ${shown}`).toBeUndefined()
    seen.set(shown, value)
    expect(seller.world.counts().bugs).toBe(0)
  }
  expect(seen.size).toBe(values.length)
})

test('no switch and no value is left out', () => {
  expect(switchGaps(assumptions, shows)).toEqual([])
})
