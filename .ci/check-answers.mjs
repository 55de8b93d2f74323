// Asks what Compose has brought up, as a person would from outside: control plane, the three shops, a COD order that goes all the way to
// the simulator and comes back as a webhook, and stock that Arvind pushes.
const control = 'http://127.0.0.1:4000'
const shop = 'http://127.0.0.1:4100'
const arvindShop = 'http://127.0.0.1:4101'
const konnectSeller = 'http://127.0.0.1:4102'
const token = process.env.UNDERSTUDY_TOKEN ?? 'fake-compose-token'
const authorization = `Bearer ${token}`

async function ask(url, { method = 'GET', body, headers = {} } = {}) {
  const answer = await fetch(url, {
    method,
    headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  })
  const text = await answer.text()
  return { status: answer.status, json: text.startsWith('{') ? JSON.parse(text) : undefined, text }
}

async function until(what, look, secondsMax = 90) {
  const endMs = Date.now() + secondsMax * 1000
  let last = ''
  while (Date.now() < endMs) {
    try {
      const found = await look()
      if (found) return found
      last = 'not yet'
    } catch (error) {
      last = String(error.cause ?? error)
    }
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  throw new Error(`${what}: not within ${secondsMax} s (${last})`)
}

function want(what, isTrue, found) {
  if (!isTrue) throw new Error(`${what}: ${JSON.stringify(found).slice(0, 2_000)}`)
  console.log(`ok: ${what}`)
}

await until(
  'the simulators answer',
  async () => (await ask(`${control}/_sim/health`)).status === 200,
)
for (const url of [shop, arvindShop, konnectSeller]) {
  await until(`${url} answers`, async () => (await ask(`${url}/health`)).status === 200)
}

const stranger = await ask(`${control}/_sim/worlds/default`)
want('the control plane wants its token', stranger.status === 401, stranger)

const world = await until('the shop is introduced', async () => {
  const { json } = await ask(`${control}/_sim/worlds/default`, { headers: { authorization } })
  return json?.shop?.fynd?.base_url === 'http://reference-client:4100' && json
})
const { base_url, credentials } = world.partners.fynd
const stock = await ask(
  `${base_url}/v1/affiliates/${credentials.affiliate_id}/inventory/stock-status?sku_code=TEE-M`,
  {
    headers: {
      authorization: `Bearer ${btoa(`${credentials.affiliate_id}:${credentials.token}`)}`,
    },
  },
)
want('FYND tells its stock', stock.status === 200 && stock.json.items.length > 0, stock)

const customer = (method, path, body) =>
  ask(`${shop}${path}`, { method, body, headers: { 'x-customer': 'asha' } })
const cart = await customer('POST', '/shop/cart', { items: [{ sku: 'TEE-M', quantity: 1 }] })
want('the shop asks FYND for the cart', cart.json?.page === 'address', cart)
await customer('POST', '/shop/checkout/address', {
  first_name: 'Asha',
  last_name: 'Example',
  email: 'asha@shop.example',
  mobile: '9000000001',
  address1: '1 Example Road',
  city: 'Bengaluru',
  state: 'Karnataka',
  country: 'India',
  pincode: '560001',
})
const method = await customer('POST', '/shop/checkout/payment-method', { payment_mode: 'COD' })
want('the pincode is serviceable', method.json?.page === 'confirm', method)
const placed = await customer('POST', '/shop/checkout/confirm')
want('the order is placed', placed.json?.page === 'success', placed)

const item = await until('the webhook ORDER_PLACED reaches the shop', async () => {
  const { json } = await ask(`${shop}/admin/orders/${placed.json.order_id}`, {
    headers: { authorization },
  })
  return json?.items?.[0]?.status === 'placed' && json.items[0]
})
want('the webhook names the bag', item.bag_id !== null, item)

const pushed = await ask(`${control}/_sim/worlds/default/acts/arvind.inventory.push`, {
  method: 'POST',
  body: {},
  headers: { authorization },
})
want('Arvind pushes its stock', pushed.status === 200, pushed)
await until('the Arvind website sells what was pushed', async () => {
  const { json } = await ask(`${arvindShop}/shop/products/TEE`)
  return json?.visible === true
})
console.log('Simulators and reference client answer.')
