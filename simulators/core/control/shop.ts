import { z } from 'zod'
import type { ControlRoutes } from './control-routes.ts'
import { readJson } from './read-json.ts'
import { render } from './render.ts'

/** The site of each partner: URLs and secrets by name. The world checks the names and the URLs. */
const shop = z.record(z.string(), z.record(z.string(), z.string()))

export function shopRoutes({ app, house }: ControlRoutes): void {
  app.get('/_sim/worlds/:world/shop', (c) => {
    const { world } = house.get(c.req.param('world'))
    return render({ shop: world.shop() })
  })
  app.put('/_sim/worlds/:world/shop', async (c) => {
    const name = c.req.param('world')
    house.get(name)
    house.setShop(name, await readJson(c.req.raw, shop))
    return render({ shop: house.get(name).world.shop() })
  })
}
