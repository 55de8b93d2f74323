import { serve } from '@hono/node-server'
import { createWallClock } from '../../../reference-client/clock.ts'
import { createShop } from '../../../reference-client/index.ts'
import { createRandom } from '../../../reference-client/random.ts'
import { acknowledgeBeforeCommit } from '../../../reference-client/testing/careless-storage.ts'

/** The control run of the SIGKILL test: the same shop over a storage that says "done" before anything is on disk. */
const environment = process.env
const need = (name: string): string => environment[name] ?? ''
/** More than a life has: nothing is kept before it ends. */
const liesMax = 1_000_000
const clock = createWallClock()
const shop = createShop({
  site: 'fynd',
  ports: {
    fetch: (url, init) => fetch(url, init),
    clock,
    random: createRandom('careless'),
    background(_name, job) {
      // It dies anyway; what its jobs say about that is of no interest.
      job().catch((error: unknown) => console.error(error))
    },
  },
  storage: acknowledgeBeforeCommit(`${need('SHOP_DATA')}/shop.db`, () => {}, liesMax),
  settings: {
    public_url: `http://127.0.0.1:${need('SHOP_PORT')}`,
    gofynd: {
      api_url: need('GOFYND_API_URL'),
      affiliate_id: need('GOFYND_AFFILIATE_ID'),
      affiliate_token: need('GOFYND_AFFILIATE_TOKEN'),
      secret_key: need('GOFYND_SECRET_KEY'),
    },
    gateway: {
      url: need('GATEWAY_URL'),
      key_id: need('GATEWAY_KEY_ID'),
      key_secret: need('GATEWAY_KEY_SECRET'),
      webhook_secret: need('GATEWAY_WEBHOOK_SECRET'),
    },
  },
  moveClock: (advanceMs) => clock.advance(advanceMs),
})
shop.start()
serve({ fetch: shop.fetch, port: Number(need('SHOP_PORT')), hostname: '127.0.0.1' }, ({ port }) =>
  console.log(`shop listening on http://127.0.0.1:${port}`),
)
