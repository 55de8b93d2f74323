import { expect, test } from 'vitest'
import { openShop, type SellerServerOptions } from '../server.ts'
import { sellerSettings } from '../testing/seller.ts'

// Nobody listens there: what these tests ask, the seller answers alone.
const nowhere = 'http://127.0.0.1:9'
const options: SellerServerOptions = {
  site: 'konnect',
  port: 0,
  crons: false,
  settings: { konnect: { ...sellerSettings.konnect, api_url: nowhere } },
}

const json = { 'content-type': 'application/json' }

test('opens the seller on a port, with its own health and settings', async () => {
  const seller = await openShop(options)
  try {
    expect(await (await fetch(`${seller.url}/health`)).json()).toMatchObject({ site: 'konnect' })
    const put = await fetch(`${seller.url}/seller/stock`, {
      method: 'PUT',
      headers: json,
      body: JSON.stringify({ items: [{ location: 'BLR-01', sku: 'TEE-M', quantity: 3 }] }),
    })
    expect(await put.json()).toEqual({ stored: 1, changed: 1 })
    const settings = await (await fetch(`${seller.url}/admin/settings/konnect`)).text()
    expect(settings).toContain(nowhere)
    expect(settings).not.toContain(sellerSettings.konnect.password)
  } finally {
    await seller.close()
  }
})

test('off loopback the back room opens only to the token, the events of Konnect to everybody', async () => {
  const seller = await openShop({ ...options, host: '0.0.0.0', adminToken: 'fake-admin-token' })
  try {
    const ask = (path: string, init: RequestInit = {}) =>
      fetch(`http://127.0.0.1:${seller.port}${path}`, init).then(({ status }) => status)
    expect(await ask('/seller/orders')).toBe(401)
    const headers = { authorization: 'Bearer fake-admin-token' }
    expect(await ask('/seller/orders', { headers })).toBe(200)
    // Not JSON, so nothing is polled here; but it came through the door.
    expect(await ask('/webhooks/konnect', { method: 'POST', headers: json, body: '{' })).toBe(400)
  } finally {
    await seller.close()
  }
})

test('settings that cannot work are refused at the start', async () => {
  const konnect = { ...sellerSettings.konnect, access: 'location' as const }
  await expect(openShop({ ...options, settings: { konnect } })).rejects.toThrow('BLR-01')
})
