import { expect, test } from 'vitest'
import { switchGaps } from '../core/testing/switch-gaps.ts'
import { assumptions, type FyndAssumptions } from './assumptions.ts'
import {
  createRehearsal,
  hourMs,
  minuteMs,
  type Placed,
  type Rehearsal,
} from './testing/rehearsal.ts'

const order = { affiliate_order_id: '100234' }
const two = { lines: [{ sku: 'TEE-M' }, { sku: 'TEE-S' }] }

interface Show {
  /** Every value of an enumerated switch; for a number its default and another one. */
  values: readonly unknown[]
  /** Something that a client can see: an answer, what arrives, a state. It must differ from value to value. */
  look(shop: Rehearsal): unknown
}

const statusOf = async (reply: Promise<{ status: number }>): Promise<number> => (await reply).status

async function trackedBag(shop: Rehearsal, placed: Placed): Promise<Record<string, unknown>> {
  const { body } = await shop.get<{ shipments: { bags: Record<string, unknown>[] }[] }>(
    `/orders/${placed.fynd_order_id}/track`,
  )
  return { ...body.shipments[0], ...body.shipments[0]?.bags[0] }
}

/** A late payment: the reservation is over and somebody else has the last pieces. */
async function payTooLate(shop: Rehearsal): Promise<number> {
  const { body } = await shop.place({ mode: 'PREPAID' })
  shop.advance(21 * minuteMs)
  for (const store of ['BLR-01', 'DEL-01', 'BOM-01']) {
    shop.act('fynd.stock.set', { sku: 'TEE-M', store, quantity: 0 })
  }
  return statusOf(shop.pay(body))
}

const serviceability = async (shop: Rehearsal, pincode: string, quantity = 1) => {
  const question = { to_pincode: pincode, cart_items: [{ sku_code: 'TEE-M', quantity }] }
  return (await shop.post<Record<string, unknown>>('/serviceability', question)).body
}

const shows: Record<keyof FyndAssumptions, Show> = {
  signature_mode: {
    values: ['off', 'optional', 'required'],
    look: async (shop) => [
      await statusOf(shop.place()),
      await statusOf(
        shop.post('/orders', shop.order({ id: '2' }), {
          'x-fp-date': '20260105T043000Z',
          'x-fp-signature': 'v1:00',
        }),
      ),
    ],
  },
  grouping: {
    values: ['per_bag', 'per_store'],
    look: async (shop) => (await shop.place(two)).body.shipments.length,
  },
  bag_unit: {
    values: ['item', 'line'],
    look: async (shop) => {
      await shop.place({ lines: [{ sku: 'TEE-M', quantity: 2 }] })
      return shop.things('bag').map((bag) => bag.quantity)
    },
  },
  allocate_on: {
    values: ['order', 'payment'],
    look: async (shop) => (await shop.place({ mode: 'PREPAID' })).body.shipments.length,
  },
  duplicate_mode: {
    values: ['replay', 'reject', 'create_new'],
    look: async (shop) => {
      const first = await shop.place()
      const second = await shop.place()
      return [second.status, second.body.fynd_order_id === first.body.fynd_order_id]
    },
  },
  late_confirmation: { values: ['accept', 'refuse'], look: payTooLate },
  cod_limit: { values: [null, 100], look: (shop) => statusOf(shop.place()) },
  reservation_minutes: {
    values: [20, 5],
    look: async (shop) => {
      await shop.place({ mode: 'PREPAID' })
      shop.advance(10 * minuteMs)
      return shop.sellable('TEE-M', 'BLR-01')
    },
  },
  pending_ttl_hours: {
    values: [24, 1],
    look: async (shop) => {
      await shop.place({ mode: 'PREPAID' })
      shop.advance(2 * hourMs)
      return shop.things('order').length
    },
  },
  delta_retention_days: {
    values: [7, 1],
    look: (shop) => statusOf(shop.get('/inventory/changes?timestamp=2026-01-02T04:30:00Z')),
  },
  changes_as_of: {
    values: ['listing', 'page'],
    look: async (shop) => {
      const since = '/inventory/changes?timestamp=2026-01-05T04:30:00Z&page_size=1'
      for (const sku of ['TEE-M', 'TEE-S']) {
        shop.act('fynd.stock.set', { sku, store: 'BLR-01', quantity: 80 })
      }
      const first = await shop.get<{ page: { next_id: string } }>(since)
      shop.advance(minuteMs)
      return (await shop.get<{ as_of: string }>(`${since}&page_id=${first.body.page.next_id}`)).body
        .as_of
    },
  },
  rejected_stock: {
    values: ['not_available', 'sellable'],
    look: async (shop) => {
      await shop.place()
      shop.act('fynd.bag.reject', order)
      return shop.sellable('TEE-M', 'BLR-01')
    },
  },
  returned_stock: {
    values: ['sellable', 'not_available'],
    look: async (shop) => {
      await shop.place()
      shop.act('fynd.rto.accept', order)
      return shop.sellable('TEE-M', 'BLR-01')
    },
  },
  return_window_days: {
    values: [30, 7],
    look: async (shop) => {
      const { body } = await shop.place()
      shop.act('fynd.bag.deliver', order)
      shop.advance(10 * 24 * hourMs)
      return (await trackedBag(shop, body)).returnable
    },
  },
  retry_ladder: {
    values: [assumptions.parse({}).retry_ladder, [1]],
    look: async (shop) => {
      shop.receiver.status = 500
      await shop.place()
      for (let second = 0; second < 10; second += 1) shop.advance(1000)
      return shop.inbox.length
    },
  },
  ordering: {
    values: ['fifo', 'shuffle'],
    look: async (shop) => {
      await shop.place()
      shop.act('fynd.order.advance', { ...order, to: 'delivery_done' })
      for (let second = 0; second < 10; second += 1) shop.advance(1000)
      return shop.events()
    },
  },
  timestamps: {
    values: ['ist_labelled_utc', 'true_utc'],
    look: async (shop) => {
      await shop.place()
      return shop.inbox[0]?.body.bags[0]?.updated_at
    },
  },
  money_quirks: {
    values: [true, false],
    look: async (shop) => {
      const { body } = await shop.place({ lines: [{ sku: 'SHOE-9', amount: 1299.5 }] })
      return (await trackedBag(shop, body)).financial_breakup
    },
  },
  misspelt_tracking_key: {
    values: [true, false],
    look: async (shop) => Object.keys(await trackedBag(shop, (await shop.place()).body)),
  },
  status_update_envelope: {
    values: ['ok_with_inner_status', 'http_status'],
    look: (shop) =>
      statusOf(
        shop.post('/shipments/status', {
          statuses: [{ status: 'cancelled_customer', shipments: [{ identifier: '1' }] }],
        }),
      ),
  },
  serviceability_top_flag: {
    values: ['misleading', 'strict'],
    look: async (shop) => (await serviceability(shop, '560001', 100)).is_valid,
  },
  cod_flag_when_undeliverable: {
    values: [true, false],
    look: async (shop) => (await serviceability(shop, '194101')).is_cod_available,
  },
  empty_error_object: {
    values: [true, false],
    look: async (shop) => Object.hasOwn(await serviceability(shop, '560001'), 'error'),
  },
}

test.each(Object.entries(shows))('%s: every value shows', async (name, { values, look }) => {
  const seen = new Map<string, unknown>()
  for (const value of values) {
    const shop = createRehearsal({ [name]: value })
    const shown = JSON.stringify(await look(shop))
    expect(seen.get(shown), `${name} ${JSON.stringify(value)} shows ${shown}`).toBeUndefined()
    seen.set(shown, value)
    expect(shop.world.counts().bugs).toBe(0)
  }
  expect(seen.size).toBe(values.length)
})

test('no switch and no value is left out', () => {
  expect(switchGaps(assumptions, shows)).toEqual([])
})
