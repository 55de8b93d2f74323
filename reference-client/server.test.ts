import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { openShop, type ShopServerOptions } from './server.ts'
import { arvindAccount, basic } from './testing/arvind-stub.ts'
import { testSettings } from './testing/shop.ts'

// Nobody listens there: what these tests ask, the shop answers alone.
const nowhere = 'http://127.0.0.1:9'
const options: ShopServerOptions = {
  port: 0,
  crons: false,
  settings: {
    gofynd: { ...testSettings.gofynd, api_url: nowhere },
    gateway: { ...testSettings.gateway, url: nowhere },
  },
}

/** `fetch` does not let a test choose the Host. */
function ask(port: number, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    request({ port, path, headers, host: '127.0.0.1' }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
      .on('error', reject)
      .end()
  })
}

async function timeOf(answer: Response): Promise<number> {
  return z.object({ now_ms: z.number() }).parse(await answer.json()).now_ms
}

test('answers on loopback, and only to its own name and origin', async () => {
  const shop = await openShop({ ...options, allowedHosts: ['shop.test:4100'] })
  try {
    const health = await fetch(`${shop.url}/health`)
    expect(await health.json()).toMatchObject({ ok: true, site: 'fynd' })
    expect(await ask(shop.port, '/health', { host: 'evil.test' })).toBe(403)
    expect(await ask(shop.port, '/health', { host: 'shop.test:4100' })).toBe(200)
    expect(await ask(shop.port, '/admin/orders', { origin: 'http://evil.test' })).toBe(403)
    expect(await ask(shop.port, '/admin/orders', { origin: shop.url })).toBe(200)
  } finally {
    await shop.close()
  }
})

test('opens an Arvind website the same way', async () => {
  const shop = await openShop({
    ...options,
    site: 'arvind',
    settings: {
      arvind: { ...arvindAccount, api_url: nowhere },
      gateway: { ...testSettings.gateway, url: nowhere },
    },
  })
  try {
    expect(await (await fetch(`${shop.url}/health`)).json()).toMatchObject({ site: 'arvind' })
    const answer = await fetch(`${shop.url}/api/arvind/update-inventory`, {
      method: 'POST',
      headers: { ...basic(), 'content-type': 'application/json' },
      body: JSON.stringify({
        channelId: arvindAccount.channel_id,
        warehouseId: arvindAccount.warehouse_id,
        inventories: [{ skuId: 'TEE-M', quantity: 1 }],
      }),
    })
    expect(await answer.json()).toMatchObject({ status: true, successList: ['TEE-M'] })
  } finally {
    await shop.close()
  }
  const { gateway } = options.settings
  await expect(openShop({ ...options, site: 'arvind', settings: { gateway } })).rejects.toThrow(
    'no section "arvind"',
  )
})

test('the callback is a form that a page of the gateway posts, so its origin is foreign', async () => {
  const shop = await openShop(options)
  try {
    const answer = await fetch(`${shop.url}/gateway/callback`, {
      method: 'POST',
      headers: { origin: 'http://gateway.test' },
      body: new URLSearchParams({ payment_id: 'x' }),
    })
    expect(answer.status).toBe(400)
  } finally {
    await shop.close()
  }
})

test('off loopback the admin panel opens only to the token', async () => {
  const open = { ...options, host: '0.0.0.0' }
  const closed = await openShop(open)
  const guarded = await openShop({ ...open, adminToken: 'fake-admin-token' })
  try {
    expect(await ask(closed.port, '/admin/orders', {})).toBe(403)
    expect(await ask(closed.port, '/shop/products', {})).toBe(200)
    expect(await ask(guarded.port, '/admin/orders', {})).toBe(401)
    const authorization = 'Bearer fake-admin-token'
    expect(await ask(guarded.port, '/admin/orders', { authorization })).toBe(200)
  } finally {
    await Promise.all([closed.close(), guarded.close()])
  }
})

test('a body without a length is read no further than the limit', async () => {
  const shop = await openShop(options)
  try {
    const body = new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(64_000))
      },
    })
    const init: RequestInit & { duplex: 'half' } = {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-customer': 'asha' },
      body,
      duplex: 'half',
    }
    const status = await fetch(`${shop.url}/shop/cart`, init).then(
      (answer) => answer.status,
      () => 'closed',
    )
    expect([413, 'closed']).toContain(status)
    expect((await fetch(`${shop.url}/health`)).status).toBe(200)
  } finally {
    await shop.close()
  }
})

test('keeps orders and settings in its folder, where a person may edit the settings', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'shop-data-'))
  const file = join(dataDir, 'settings.json')
  const { safety_stock: _, ...gofynd } = testSettings.gofynd
  const settings = { ...options.settings, gofynd }
  try {
    const first = await openShop({ ...options, settings, dataDir })
    await fetch(`${first.url}/admin/settings/gofynd`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ safety_stock: 3 }),
    })
    await first.close()
    const document = JSON.parse(readFileSync(file, 'utf8'))
    expect(document.gofynd.safety_stock).toBe(3)
    document.templates.BAG_CONFIRMED.sms = 'edited by a person'
    writeFileSync(file, JSON.stringify(document))
    const second = await openShop({ ...options, settings, dataDir })
    const kept = await (await fetch(`${second.url}/admin/settings/gofynd`)).json()
    const told = await (await fetch(`${second.url}/admin/templates`)).json()
    await second.close()
    expect(kept).toMatchObject({ safety_stock: 3 })
    expect(told).toMatchObject({ templates: { BAG_CONFIRMED: { sms: 'edited by a person' } } })
    writeFileSync(file, '{"gofynd": {"safety_stock": "many"}}')
    await expect(openShop({ ...options, settings, dataDir })).rejects.toThrow('not understood')
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
})

test('the test clock moves what sleeps by it', async () => {
  const shop = await openShop({ ...options, forTests: true })
  const post = (advanceMs: number) =>
    fetch(`${shop.url}/admin/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ advance_ms: advanceMs }),
    })
  try {
    const before = await timeOf(await fetch(`${shop.url}/health`))
    const after = await timeOf(await post(86_400_000))
    expect(after - before).toBeGreaterThanOrEqual(86_400_000)
    expect((await post(-1)).status).toBe(400)
  } finally {
    await shop.close()
  }
})
