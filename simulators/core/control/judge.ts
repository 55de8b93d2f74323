import { z } from 'zod'
import type { ShopView } from '../judge/views.ts'
import type { ControlRoutes } from './control-routes.ts'
import { largeBodyBytesMax, readJson } from './read-json.ts'
import { render } from './render.ts'

const item = z.object({
  id: z.string(),
  partner_item_id: z.string().nullable().default(null),
  sku: z.string(),
  quantity: z.int(),
  status: z.string().nullable().default(null),
})

const order = z.object({
  id: z.string(),
  partner: z.string(),
  partner_order_id: z.string().nullable().default(null),
  status: z.string(),
  acknowledged: z.boolean(),
  payment_mode: z.enum(['COD', 'PREPAID']),
  items: z.array(item).max(1000).default([]),
})

/** What a client says was acknowledged to it: the `ShopView` of the judge. One call adds to the ones before. */
const claim = z.strictObject({
  partner: z.string().optional(),
  orders: z.array(order).max(10_000).optional(),
  quantities: z.record(z.string(), z.int()).optional(),
  safety_stock: z.int().min(0).optional(),
})

export function judgeRoutes({ app, house }: ControlRoutes): void {
  app.post('/_sim/worlds/:world/claims', async (c) => {
    const { world } = house.get(c.req.param('world'))
    const { partner, orders, quantities, safety_stock } = await readJson(
      c.req.raw,
      claim,
      largeBodyBytesMax,
    )
    const view: ShopView = {
      ...(partner === undefined ? {} : { partner }),
      ...(orders ? { orders } : {}),
      ...(quantities ? { quantities } : {}),
      ...(safety_stock === undefined ? {} : { safety_stock }),
    }
    world.claim(view)
    return render({ claimed: { orders: orders?.length ?? 0 } })
  })
  app.get('/_sim/worlds/:world/judge', async (c) => {
    const { world, view } = house.get(c.req.param('world'))
    const { notChecked, ...report } = world.judge(await view?.())
    return render({ ...report, not_checked: notChecked })
  })
}
