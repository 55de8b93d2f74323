import { createWallClock } from '../../reference-client/clock.ts'
import { createShop, openStorage, type Shop, type ShopPorts } from '../../reference-client/index.ts'
import { createRandom } from '../../reference-client/random.ts'

/** What the operator typed in; the affiliate's id stands in paths and bodies of the pact. */
export const account = {
  affiliate_id: 'fa4e00000000000000000001',
  affiliate_token: 'fake-token-of-the-contract',
  secret_key: 'fake-secret-of-the-contract',
}

/** The reference client as it runs, in memory, with `partnerUrl` as the only partner it can reach. */
export function createShopUnderContract(partnerUrl: string): Shop {
  const ports: ShopPorts = {
    fetch: (url, init) => fetch(url, init),
    clock: createWallClock(),
    random: createRandom('contract'),
    background: (_name, job) => void job(),
  }
  return createShop({
    site: 'fynd',
    ports,
    storage: openStorage({ file: ':memory:' }),
    settings: {
      public_url: 'http://127.0.0.1:4100',
      gofynd: { api_url: `${partnerUrl}/gofynd`, ...account },
      gateway: {
        url: 'http://127.0.0.1:9',
        key_id: 'fake-key',
        key_secret: 'fake-key-secret',
        webhook_secret: 'fake-webhook-secret',
      },
    },
  })
}

/** One step of the customer's journey; resolves with the answer's JSON. */
export async function step(
  shop: Shop,
  method: string,
  path: string,
  body?: object,
): Promise<Record<string, unknown>> {
  const answer = await shop.fetch(
    new Request(`http://shop.test${path}`, {
      method,
      headers: {
        'x-customer': 'asha',
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    }),
  )
  return (await answer.json()) as Record<string, unknown>
}
