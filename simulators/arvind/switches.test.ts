import { expect, test } from 'vitest'
import { switchGaps } from '../core/testing/switch-gaps.ts'
import { type ArvindAssumptions, assumptions } from './assumptions.ts'
import {
  createRehearsal,
  dayMs,
  first,
  hourMs,
  minuteMs,
  neft,
  type OrderChanges,
  orderReference,
  type Rehearsal,
  second,
} from './testing/rehearsal.ts'

interface Show {
  /** Every value of an enumerated switch; for any other its default and another one. */
  values: readonly unknown[]
  /** Something that a client can see: an answer, what arrives, a state. It must differ from value to value. */
  look(shop: Rehearsal): unknown
}

const order = { orderReference }
const two = { lines: [{ skuId: 'TEE-M' }, { skuId: 'TEE-S' }] }
const usual = assumptions.parse({})

async function orderAt(shop: Rehearsal, to: string, changes: OrderChanges = {}): Promise<void> {
  await shop.push(changes)
  shop.act('arvind.order.advance', { ...order, to })
}

/** What arrives when Arvind is told no again and again. */
function deniedPushes(shop: Rehearsal): number {
  shop.receiver.status = 500
  shop.act('arvind.inventory.push', { skuIds: ['TEE-M'] })
  shop.advance(4 * minuteMs)
  return shop.pushes().length
}

const consignments = async (shop: Rehearsal) => {
  const { channel_id } = shop.world.credentials('arvind')
  return (await shop.get(`/ordersDetails/${channel_id}/${orderReference}`)).body.consignments
}

const shows: Record<keyof ArvindAssumptions, Show> = {
  bare_token: {
    values: [true, false],
    look: async (shop) => {
      const { auth_token = '' } = shop.world.credentials('arvind')
      const asked = { text: '{"location":"560001"}', token: auth_token }
      return (await shop.send('POST', '/v1/order/checkServiceability', asked)).status
    },
  },
  auth_token_ttl_hours: {
    values: [null, 1],
    look: async (shop) => {
      shop.advance(2 * hourMs)
      return (await shop.ask()).status
    },
  },
  foreign_channel: {
    values: ['book', 'refuse'],
    look: async (shop) => {
      const { channelId } = shop.act<{ channelId: string }>('arvind.channel.create')
      return (await shop.push({ channelId })).status
    },
  },
  duplicate_order: {
    values: ['refuse', 'replay'],
    look: async (shop) => {
      await shop.push()
      return (await shop.push()).body.status
    },
  },
  push_checks: {
    values: ['all', 'sum'],
    look: async (shop) =>
      (await shop.post('/v1/KARTIFY/order/v2', { ...shop.order(), orderStatus: 'new' })).status,
  },
  auto_booking: {
    values: [true, false],
    look: async (shop) => {
      await shop.push()
      shop.advance(hourMs)
      return consignments(shop)
    },
  },
  booking_delay_seconds: {
    values: [10, 600],
    look: async (shop) => {
      await shop.push()
      shop.advance(minuteMs)
      return shop.row('TEE-M', 'BLR-01').sellable
    },
  },
  consignment_delay_seconds: {
    values: [50, 600],
    look: async (shop) => {
      await shop.push()
      shop.advance(2 * minuteMs)
      return consignments(shop)
    },
  },
  consignment_grouping: {
    values: ['per_centre', 'per_item'],
    look: async (shop) => {
      await orderAt(shop, 'INVOICED', two)
      return shop.told()
    },
  },
  webhook_scope: {
    values: ['forward', 'all'],
    look: async (shop) => {
      await shop.push()
      await shop.cancel()
      return shop.told()
    },
  },
  webhook_auth: {
    values: ['basic', 'none', 'shared_header'],
    look: async (shop) => {
      await orderAt(shop, 'INVOICED')
      return Object.keys(shop.inbox.at(-1)?.headers ?? {})
    },
  },
  webhook_success: {
    values: ['body', 'any_2xx'],
    look: async (shop) => {
      Object.assign(shop.receiver, { status: 204, body: '' })
      await orderAt(shop, 'INVOICED')
      shop.advance(2 * minuteMs)
      return shop.told()
    },
  },
  webhook_gaps_minutes: {
    values: [usual.webhook_gaps_minutes, [30]],
    look: async (shop) => {
      shop.receiver.status = 500
      await orderAt(shop, 'INVOICED')
      shop.advance(10 * minuteMs)
      return shop.told()
    },
  },
  webhook_ordering: {
    values: ['fifo', 'shuffle'],
    look: async (shop) => {
      await orderAt(shop, 'DELIVERED')
      shop.advance(minuteMs)
      return shop.told()
    },
  },
  inventory_auth: {
    values: ['basic', 'body'],
    look: (shop) => {
      shop.act('arvind.inventory.push')
      return [shop.pushes()[0]?.headers, shop.pushes()[0]?.body].map((part) =>
        Object.keys(part ?? {}),
      )
    },
  },
  inventory_updated_at: {
    values: [true, false],
    look: (shop) => {
      shop.act('arvind.inventory.push')
      return shop.pushes()[0]?.body.inventories
    },
  },
  inventory_batch_size: {
    values: [200, 3],
    look: (shop) => shop.act('arvind.inventory.push'),
  },
  inventory_retry: {
    values: ['5xx', 'all'],
    look: (shop) => {
      shop.receiver.status = 403
      shop.act('arvind.inventory.push', { skuIds: ['TEE-M'] })
      shop.advance(4 * minuteMs)
      return shop.pushes().length
    },
  },
  inventory_gaps_minutes: { values: [usual.inventory_gaps_minutes, []], look: deniedPushes },
  inventory_delta_seconds: {
    values: [5, 600, null],
    look: (shop) => {
      shop.act('arvind.inventory.set', { skuId: 'TEE-M', quantity: 1 })
      const counts = [minuteMs, 20 * minuteMs].map((byMs) => {
        shop.advance(byMs)
        return shop.pushes().length
      })
      return counts
    },
  },
  inventory_full_minutes: {
    values: [60, 10, null],
    look: (shop) => {
      shop.advance(2 * hourMs)
      return shop.pushes().length
    },
  },
  mixed_result: {
    values: ['refused', 'accepted'],
    look: async (shop) => {
      await shop.push(two)
      shop.act('arvind.item.unfulfil', { ...order, itemReference: second })
      const items = [first, second].map((itemReference) => ({ itemReference }))
      return (await shop.cancel({ items })).body.status
    },
  },
  cancel_window_minutes: {
    values: [null, 5],
    look: async (shop) => {
      await shop.push()
      shop.advance(10 * minuteMs)
      return (await shop.cancel()).body.status
    },
  },
  return_window_days: {
    values: [15, 1],
    look: async (shop) => {
      await orderAt(shop, 'DELIVERED')
      shop.advance(2 * dayMs)
      return (await shop.giveBack()).body.status
    },
  },
  neft_for_prepaid: {
    values: ['ignore', 'refuse'],
    look: async (shop) => {
      await orderAt(shop, 'DELIVERED')
      return (await shop.giveBack({ neftDetails: neft })).body.status
    },
  },
  returned_stock: {
    values: ['sellable', 'unavailable'],
    look: async (shop) => {
      await orderAt(shop, 'DELIVERED')
      await shop.giveBack()
      shop.act('arvind.return.start-refund', order)
      return shop.row('TEE-M', 'BLR-01').sellable
    },
  },
  pick_fail_stock: {
    values: ['unavailable', 'sellable'],
    look: async (shop) => {
      await shop.push()
      shop.act('arvind.order.book', order)
      shop.act('arvind.item.unfulfil', order)
      return shop.row('TEE-M', 'BLR-01').sellable
    },
  },
  invoiced_reads: {
    values: ['Packed', 'Invoiced'],
    look: async (shop) => {
      await orderAt(shop, 'INVOICED')
      return consignments(shop)
    },
  },
  consignment_status_at: {
    values: ['consignmentStatus', 'status', 'data'],
    look: async (shop) => {
      await orderAt(shop, 'INVOICED')
      return consignments(shop)
    },
  },
}

test.each(Object.entries(shows))('%s: every value shows', async (name, { values, look }) => {
  const seen = new Map<string, unknown>()
  for (const value of values) {
    const shop = createRehearsal({ [name]: value })
    const shown = JSON.stringify(await look(shop)) ?? 'nothing'
    expect(seen.get(shown), `${name} ${JSON.stringify(value)} shows ${shown}`).toBeUndefined()
    seen.set(shown, value)
    expect(shop.world.counts().bugs).toBe(0)
  }
  expect(seen.size).toBe(values.length)
})

test('no switch and no value is left out', () => {
  expect(switchGaps(assumptions, shows)).toEqual([])
})
