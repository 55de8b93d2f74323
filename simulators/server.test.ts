import { request as httpRequest, type IncomingMessage } from 'node:http'
import { afterEach, expect, it } from 'vitest'
import { wallTurn } from './core/clock.ts'
import { tiny } from './core/testing/tiny/index.ts'
import { sign } from './core/testing/tiny/webhooks.ts'
import { createWorld } from './core/world.ts'
import { openSimulators, type Simulators, type SimulatorsOptions } from './server.ts'
import { type OpenSocket, openSocket } from './sockets.ts'

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close()
})

async function open(options: SimulatorsOptions = {}): Promise<Simulators> {
  const simulators = await openSimulators({ partners: [tiny], port: 0, ...options })
  opened.push(simulators)
  return simulators
}

const order = { order_id: 'A-1', sku: 'BAG', quantity: 1 }

function placeOrder(url: string, key = ''): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { authorization: `Key ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(order),
  })
}

const keyOf = ({ house }: Simulators, world = 'default') =>
  house.get(world).world.credentials('tiny').key ?? ''

/** `fetch` does not let a Host be chosen. */
function getWithHost(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    httpRequest(url, { headers: { host } }, (answer: IncomingMessage) => {
      answer.resume()
      resolve(answer.statusCode)
    })
      .on('error', reject)
      .end()
  })
}

async function openReceiver(): Promise<OpenSocket & { heard: Promise<[Request, string]> }> {
  let hear: (heard: [Request, string]) => void
  const heard = new Promise<[Request, string]>((resolve) => {
    hear = resolve
  })
  const socket = await openSocket({
    name: 'receiver',
    port: 0,
    host: '127.0.0.1',
    async fetch(request) {
      hear([request, await request.text()])
      return new Response(null, { status: 204 })
    },
  })
  opened.push(socket)
  return { ...socket, heard }
}

it('gives base URLs that work as they are printed', async () => {
  const simulators = await open()
  const answer = await fetch(`${simulators.controlUrl}/_sim/worlds/default`)
  const { partners } = (await answer.json()) as {
    partners: { tiny: { base_url: string; credentials: { key: string } } }
  }
  const { base_url, credentials } = partners.tiny
  expect(base_url).toBe(`http://127.0.0.1:${simulators.ports.tiny}/v1`)
  expect((await placeOrder(`${base_url}/orders`, credentials.key)).status).toBe(201)
})

it('finds world and partner by prefix on every port', async () => {
  const simulators = await open()
  const { controlUrl, ports, house } = simulators
  house.make({ name: 'blue' })
  const partnerUrl = `http://127.0.0.1:${ports.tiny}`
  const [mine, theirs] = [keyOf(simulators), keyOf(simulators, 'blue')]
  const status = async (url: string, key: string) => (await placeOrder(url, key)).status
  expect(await status(`${controlUrl}/tiny/v1/orders`, mine)).toBe(201)
  expect(await status(`${partnerUrl}/w/blue/v1/orders`, theirs)).toBe(201)
  expect(await status(`${controlUrl}/w/blue/tiny/v1/orders`, theirs)).toBe(201)
  expect(await status(`${partnerUrl}/w/blue/v1/orders`, mine)).toBe(401)
  expect(await status(`${partnerUrl}/w/bleu/v1/orders`, theirs)).toBe(404)
  expect(await status(`${partnerUrl}/tiny/v1/orders`, mine)).toBe(404)
  expect(await status(`${controlUrl}/v1/orders`, mine)).toBe(404)
  expect(house.get('blue').world.counts().requests).toBe(3)
})

it('gives the same bytes as in-process', async () => {
  const simulators = await open({ mode: 'virtual', clientClock: 'world' })
  const inProcess = createWorld({ partners: [tiny] })
  const calls: [string, string, string | undefined, string][] = [
    ['POST', '/v1/orders', JSON.stringify(order), 'application/json'],
    ['POST', '/v1/orders', '{', 'application/json'],
    ['POST', '/v1/orders', 'a=1', 'text/plain'],
    ['GET', '/v1/orders/A-1', undefined, ''],
    ['GET', '/v1/orders/%E0%A4%A', undefined, ''],
    ['PUT', '/v1/orders', undefined, ''],
    ['GET', '/nowhere?a=1&a=2', undefined, ''],
  ]
  const read = async (answer: Response) => {
    const transport = ['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding']
    const headers = [...answer.headers].filter(([name]) => !transport.includes(name))
    return { status: answer.status, headers, body: await answer.text() }
  }
  for (const [method, path, body, type] of calls) {
    const init = {
      method,
      headers: {
        authorization: `Key ${keyOf(simulators)}`,
        ...(type === '' ? {} : { 'content-type': type }),
      },
      ...(body === undefined ? {} : { body }),
    }
    const overSocket = await fetch(`http://127.0.0.1:${simulators.ports.tiny}${path}`, init)
    const direct = await inProcess.fetch(new Request(`http://127.0.0.1:4090${path}`, init))
    expect(await read(overSocket)).toEqual(await read(direct))
  }
  const { world } = simulators.house.get('default')
  expect(world.state('tiny')).toEqual(inProcess.state('tiny'))
  expect(world.counts()).toEqual(inProcess.counts())
})

it('sends signed webhooks to the shop and says when nothing is under way', async () => {
  const simulators = await open()
  const { controlUrl, house } = simulators
  const receiver = await openReceiver()
  const { world } = house.get('default')
  house.setShop('default', { tiny: { webhook_url: `http://127.0.0.1:${receiver.port}/hook` } })
  await placeOrder(`${controlUrl}/tiny/v1/orders`, keyOf(simulators))
  world.act('tiny.order.hand-over', { order_id: 'A-1' })
  const [heard, body] = await receiver.heard
  expect(heard.headers.get('x-tiny-signature')).toBe(sign(keyOf(simulators), body))
  const answer = await fetch(`${controlUrl}/_sim/worlds/default/deliveries?settled=false&wait=10s`)
  expect(await answer.json()).toMatchObject({ deliveries: [], total: 0 })
  expect(world.deliveries()[0]).toMatchObject({ state: 'delivered' })
})

it('takes no shop at a host that is not allowed by name', async () => {
  const simulators = await open()
  const answer = await fetch(`${simulators.controlUrl}/_sim/worlds/default/shop`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ tiny: { webhook_url: 'http://shop.example/hook' } }),
  })
  expect(answer.status).toBe(400)
  expect(await answer.text()).toContain('--allow-host')
  expect(simulators.house.get('default').world.shop()).toEqual({})
})

it.each(['reset', 'close'])('cuts a hanging call off on %s', async (how) => {
  const simulators = await open()
  const { house, controlUrl } = simulators
  const { world } = house.get('default')
  world.arm({ partner: 'tiny', name: 'hang' })
  const call = placeOrder(`${controlUrl}/tiny/v1/orders`, keyOf(simulators))
  const ended = call.then(
    () => 'answered',
    () => 'cut off',
  )
  while (world.counts().requests === 0) await wallTurn()
  if (how === 'reset') house.reset('default')
  else await simulators.close()
  expect(await ended).toBe('cut off')
})

it('resets the connection where a fault says so', async () => {
  const simulators = await open()
  const { world } = simulators.house.get('default')
  world.arm({ partner: 'tiny', name: 'reset' })
  const call = placeOrder(`${simulators.controlUrl}/tiny/v1/orders`, keyOf(simulators))
  await expect(call).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } })
})

it('holds an answer on the world’s clock', async () => {
  const simulators = await open({ mode: 'virtual' })
  const { controlUrl, house } = simulators
  const { world } = house.get('default')
  world.arm({ partner: 'tiny', name: 'latency', fixed: '2h' })
  const call = placeOrder(`${controlUrl}/tiny/v1/orders`, keyOf(simulators))
  while (world.clock.next('work') === undefined) {
    await wallTurn()
  }
  const moved = await fetch(`${controlUrl}/_sim/worlds/default/clock`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"settle":true}',
  })
  expect(await moved.json()).toMatchObject({ moved_ms: 7_200_000 })
  expect((await call).status).toBe(201)
})

it.each(['0.0.0.0', '::', '192.0.2.1'])('refuses to listen on %s without a token', async (host) => {
  await expect(open({ host })).rejects.toThrow('without a token')
  await expect(open({ host, token: '' })).rejects.toThrow('without a token')
})

it('wants the token off loopback, on control calls only', async () => {
  const simulators = await open({ host: '0.0.0.0', token: 'a-made-up-token' })
  const { controlUrl } = simulators
  const status = async (path: string, headers = {}) =>
    (await fetch(`${controlUrl}${path}`, { headers })).status
  expect(controlUrl).toMatch(/^http:\/\/127\.0\.0\.1:/)
  expect(await status('/_sim/worlds')).toBe(401)
  expect(await status('/_sim/health')).toBe(200)
  expect(await status('/_sim/worlds', { authorization: 'Bearer a-made-up-token' })).toBe(200)
  expect((await placeOrder(`${controlUrl}/tiny/v1/orders`, keyOf(simulators))).status).toBe(201)
})

it('fills credentials into the console, but not off loopback', async () => {
  const mayKnow = async (options: SimulatorsOptions) => {
    const simulators = await open(options)
    const answer = await fetch(`${simulators.controlUrl}/docs/tiny/console.json`)
    return (await answer.text()).includes(keyOf(simulators))
  }
  expect(await mayKnow({})).toBe(true)
  expect(await mayKnow({ host: '0.0.0.0', token: 'a-made-up-token' })).toBe(false)
})

it('listens on its own loopback address alone unless told otherwise', async () => {
  const { ports } = await open()
  // Also this machine: bound to every address, it would answer here.
  for (const port of Object.values(ports)) {
    await expect(fetch(`http://127.0.0.2:${port}/`)).rejects.toThrow('fetch failed')
  }
})

it('answers under no name that somebody’s DNS may have rebound', async () => {
  const { controlUrl } = await open()
  expect(await getWithHost(`${controlUrl}/_sim/worlds`, 'evil.example')).toBe(421)
  expect(await getWithHost(`${controlUrl}/docs`, 'evil.example')).toBe(421)
  expect(await getWithHost(`${controlUrl}/_sim/worlds`, 'localhost')).toBe(200)
})

it('serves the documents, the console, and a way to them', async () => {
  const { controlUrl } = await open()
  for (const name of ['tiny', 'control']) {
    const answer = await fetch(`${controlUrl}/_sim/openapi/${name}.yaml`)
    expect([answer.status, (await answer.text()).slice(0, 14)]).toEqual([200, 'openapi: 3.1.0'])
    expect((await fetch(`${controlUrl}/docs/${name}`)).status).toBe(200)
  }
  expect((await fetch(controlUrl, { redirect: 'manual' })).headers.get('location')).toBe('/docs')
  expect((await fetch(`${controlUrl}/nowhere`)).status).toBe(404)
})

it('frees its ports when it is closed', async () => {
  const first = await open()
  const { port } = new URL(first.controlUrl)
  await first.close()
  const again = await openSocket({
    name: 'again',
    port: Number(port),
    host: '127.0.0.1',
    fetch: async () => new Response(''),
  })
  await again.close()
})
