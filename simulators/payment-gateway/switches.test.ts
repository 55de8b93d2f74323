import { expect, test } from 'vitest'
import { switchGaps } from '../core/testing/switch-gaps.ts'
import { assumptions, type GatewayAssumptions } from './assumptions.ts'
import { payment, type Rehearsal, rehearse } from './testing/rehearse.ts'

const minuteMs = 60_000

interface Show {
  /** Every value of an enum; of a number its default and another one. */
  values: readonly unknown[]
  /** What other switches say, where one of them must be set for this one to matter. */
  beside?: Partial<GatewayAssumptions>
  /** Something that a client can see: an answer, what arrives, a state. It must differ from value to value. */
  look(shop: Rehearsal): unknown
}

/** When callback and webhook of one paid payment arrive, in seconds from the payment. */
async function arrivals(shop: Rehearsal): Promise<object> {
  await shop.initiate()
  const paidAtMs = shop.world.clock.nowMs
  shop.world.act('payment-gateway.payment.pay', { merchant_order_id: '100001' })
  shop.advance(180 * minuteMs)
  const seconds = (path: string) =>
    shop.inbox
      .filter(({ url }) => url.endsWith(path))
      .map(({ atMs }) => Math.round((atMs - paidAtMs) / 1000))
  return { callback: seconds('/callback'), webhook: seconds('/webhook') }
}

const sendings = ['sent', 'none', 'delayed', 'duplicated']

const shows: Record<keyof GatewayAssumptions, Show> = {
  callback: { values: sendings, look: arrivals },
  webhook: { values: sendings, look: arrivals },
  webhook_lag_seconds: { values: [60, 5], look: arrivals },
  callback_late_seconds: { values: [600, 5], beside: { callback: 'delayed' }, look: arrivals },
  webhook_late_seconds: { values: [3600, 5], beside: { webhook: 'delayed' }, look: arrivals },
  duplicate_gap_seconds: { values: [30, 5], beside: { callback: 'duplicated' }, look: arrivals },
  webhook_retry_minutes: {
    values: [assumptions.parse({}).webhook_retry_minutes, [2]],
    look: (shop) => {
      shop.shopAnswers({ status: 500 })
      return arrivals(shop)
    },
  },
  repeat_initiate: {
    values: ['new_payment', 'reuse_open', 'refuse'],
    look: async (shop) => {
      const first = await shop.initiate()
      const { status, json } = await shop.call('POST', '/payments/initiate', { body: payment() })
      return [status, (json as { payment_id?: string }).payment_id === first]
    },
  },
}

test.each(Object.entries(shows))('%s: every value shows', async (name, show) => {
  const seen = new Map<string, unknown>()
  for (const value of show.values) {
    const shop = rehearse({ ...show.beside, [name]: value })
    const shown = JSON.stringify(await show.look(shop))
    expect(seen.get(shown), `${name} ${JSON.stringify(value)} shows ${shown}`).toBeUndefined()
    seen.set(shown, value)
    expect(shop.world.counts().bugs).toBe(0)
  }
  expect(seen.size).toBe(show.values.length)
})

test('no switch and no value is left out', () => {
  expect(switchGaps(assumptions, shows)).toEqual([])
})
