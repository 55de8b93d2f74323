import { expect, test } from 'vitest'
import type { PartnerOrderView } from '../core/judge/views.ts'
import { createWorld } from '../core/world.ts'
import { konnect } from './index.ts'
import { createRehearsal, type Rehearsal } from './testing/rehearsal.ts'

/** What a seller who knows all of it would show. */
const knownBy = (seller: Rehearsal, skip: string[] = []) => ({
  partner: 'konnect',
  quantities: quantities(seller),
  orders: seller
    .things<{ id: string }>('order')
    .filter(({ id }) => !skip.includes(id))
    .map(({ id }) => ({
      id,
      partner: 'konnect',
      partner_order_id: id,
      status: 'processed',
      acknowledged: true,
      payment_mode: 'PREPAID' as const,
      items: [],
    })),
})

function quantities(seller: Rehearsal): Record<string, number> {
  const totals: Record<string, number> = {}
  for (const { sku, sellable } of seller.things<{ sku: string; sellable: number }>('stock')) {
    totals[sku] = (totals[sku] ?? 0) + sellable
  }
  return totals
}

test('the judge is content with a seller who knows each order once', async () => {
  const seller = createRehearsal()
  const { order_id } = seller.place()
  seller.act('konnect.order.advance', { order_id, to: 'delivery_done' })
  const { order_id: back } = seller.act('konnect.return.create', { order_id })
  seller.act('konnect.order.advance', { order_id: back, to: 'credit_note_generated' })
  const early = seller.place().order_id
  seller.act('konnect.order.cancel-by-customer', { order_id: early })
  const report = seller.world.judge(knownBy(seller))
  expect(report.breaches).toEqual([])
  expect(report.checked).toContain('channel-order-known-once')
  expect(report.checked).toContain('quantity-agrees')
  // One that was called off before anybody confirmed it may have been missed.
  expect(seller.world.judge(knownBy(seller, [early])).breaches).toEqual([])
  for (const missed of [order_id, back]) {
    expect(seller.world.judge(knownBy(seller, [missed])).breaches).toMatchObject([
      { invariant: 'channel-order-known-once', subject: `order ${missed}` },
    ])
  }
})

test('the view tells documents, and a return that is under way need not be known', () => {
  const seller = createRehearsal()
  const { order_id } = seller.place()
  seller.act('konnect.order.advance', { order_id, to: 'delivery_done' })
  const { order_id: back } = seller.act('konnect.return.create', { order_id })
  expect(ordersOf(seller).get(order_id)).toMatchObject({ placed: true, credit_notes: [] })
  expect(ordersOf(seller).get(order_id)?.invoices).toHaveLength(1)
  expect(ordersOf(seller).get(back)).toMatchObject({ placed: false, invoices: [] })
  seller.act('konnect.order.advance', { order_id: back, to: 'credit_note_generated' })
  expect(ordersOf(seller).get(back)).toMatchObject({ placed: true, invoices: [] })
  expect(ordersOf(seller).get(back)?.credit_notes).toHaveLength(1)
})

/** The partner's view, as the judge gets it: what scenarios see of a partner that names no things of its own. */
function ordersOf(seller: Rehearsal): Map<string, PartnerOrderView> {
  const { things: _things, ...bare } = konnect
  const world = createWorld({ partners: [bare] }, seller.world.snapshot())
  const orders = world.things('konnect', 'order') as PartnerOrderView[]
  return new Map(orders.map((order) => [order.id, order]))
}
