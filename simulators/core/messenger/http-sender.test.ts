import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { answerBytesMax, type Outcome, type OutgoingCall } from './delivery.ts'
import { callsOpenMax, createHttpSender, type HttpSender } from './http-sender.ts'

const servers: Server[] = []
const senders: HttpSender[] = []

afterEach(async () => {
  for (const sender of senders.splice(0)) await sender.close()
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`
}

/** A world's outgoing side; `outcomes(n)` waits for the first n. */
function createSource() {
  const seen: { id: string; attempt: number; outcome: Outcome }[] = []
  const waits: { count: number; resolve: () => void }[] = []
  let listener: (call: OutgoingCall) => void = () => {}
  let giveUp: (id: string, attempt: number) => void = () => {}
  const sender = createHttpSender({
    onOutgoing(added, givenUp) {
      listener = added
      giveUp = givenUp
    },
    answered(id, attempt, outcome) {
      seen.push({ id, attempt, outcome })
      for (const { count, resolve } of waits) if (seen.length >= count) resolve()
    },
  })
  senders.push(sender)
  return {
    sender,
    seen,
    giveUp: (id: string) => giveUp(id, 1),
    send: (url: string, id = 'd-1', body = '{"a":1}', wantsBody = false) =>
      listener({
        deliveryId: id,
        attempt: 1,
        url,
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-tiny-signature': 'abc' },
        body,
        timeoutMs: 5_000,
        wantsBody,
      }),
    outcomes: async (count: number) => {
      if (seen.length < count) {
        await new Promise<void>((resolve) => waits.push({ count, resolve }))
      }
      return seen.map(({ outcome }) => outcome)
    },
  }
}

const textOf = async (request: IncomingMessage): Promise<string> => {
  let text = ''
  for await (const chunk of request) text += chunk
  return text
}

test('posts the very bytes and headers, and reports the status', async () => {
  const calls: object[] = []
  const url = await listen(async (request, response) => {
    const { method, url: target, headers } = request
    calls.push({ method, target, headers, body: await textOf(request) })
    response.writeHead(202).end('thanks')
  })
  const source = createSource()
  source.send(url, 'd-7', '{"price": 10.0, "name":"Grüße"}')
  expect(await source.outcomes(1)).toEqual([{ status: 202 }])
  expect(source.seen[0]).toMatchObject({ id: 'd-7', attempt: 1 })
  expect(calls).toMatchObject([
    {
      method: 'POST',
      target: '/hooks',
      headers: { 'content-type': 'application/json', 'x-tiny-signature': 'abc' },
      body: '{"price": 10.0, "name":"Grüße"}',
    },
  ])
})

test('never follows a redirect', async () => {
  let calls = 0
  const url = await listen((_, response) => {
    calls += 1
    response.writeHead(307, { location: '/elsewhere' }).end()
  })
  const source = createSource()
  source.send(url)
  expect(await source.outcomes(1)).toEqual([{ status: 307 }])
  expect(calls).toBe(1)
})

test('reports why there was no answer', async () => {
  const reset = await listen((request) => request.socket.resetAndDestroy())
  const closed = await listen(() => {})
  const server = servers.pop() as Server
  await new Promise((resolve) => server.close(resolve))
  const source = createSource()
  source.send(reset)
  expect(await source.outcomes(1)).toEqual([{ error: 'ECONNRESET' }])
  source.send(closed)
  expect((await source.outcomes(2))[1]).toEqual({ error: 'ECONNREFUSED' })
  source.send('http://127.0.0.1:99999/')
  expect((await source.outcomes(3))[2]).toHaveProperty('error')
})

test('uses a connection again', async () => {
  const ports = new Set<number | undefined>()
  const url = await listen((request, response) => {
    ports.add(request.socket.remotePort)
    response.end('ok')
  })
  const source = createSource()
  for (let n = 1; n <= 5; n += 1) {
    source.send(url, `d-${n}`)
    await source.outcomes(n)
  }
  expect(ports.size).toBeLessThan(5)
})

test('has a bounded number of calls open, and sends the rest when there is room', async () => {
  const open: (() => void)[] = []
  let most = 0
  let arrived = () => {}
  const url = await listen((_, response) => {
    open.push(() => response.end())
    most = Math.max(most, open.length)
    arrived()
  })
  const untilOpen = (count: number) =>
    new Promise<void>((resolve) => {
      arrived = () => open.length >= count && resolve()
      arrived()
    })
  const source = createSource()
  const total = callsOpenMax * 2
  for (let n = 1; n <= total; n += 1) source.send(url, `d-${n}`)
  await untilOpen(callsOpenMax)
  for (const end of open.splice(0)) end()
  await untilOpen(callsOpenMax)
  for (const end of open.splice(0)) end()
  await source.outcomes(total)
  expect(most).toBe(callsOpenMax)
})

test('closes a call that its world has given up, reports nothing of it and frees its place', async () => {
  let closed = () => {}
  const isClosed = new Promise<void>((resolve) => {
    closed = resolve
  })
  let arrived = () => {}
  const hasArrived = new Promise<void>((resolve) => {
    arrived = resolve
  })
  const url = await listen((request, response) => {
    if (request.url === '/hooks?hang') {
      request.socket.on('close', closed)
      arrived()
    } else {
      response.end()
    }
  })
  const source = createSource()
  source.send(`${url}?hang`, 'd-1')
  await hasArrived
  source.giveUp('d-1')
  await isClosed
  source.send(url, 'd-2')
  await source.outcomes(1)
  expect(source.seen).toEqual([{ id: 'd-2', attempt: 1, outcome: { status: 200 } }])
})

test('does not wait for a body without end', async () => {
  const url = await listen((_, response) => {
    response.writeHead(200)
    const write = () => response.write('x'.repeat(64 * 1024))
    response.on('drain', write)
    write()
  })
  const source = createSource()
  source.send(url)
  expect(await source.outcomes(1)).toEqual([{ status: 200 }])
})

test('reads the answer only where it is wanted, and no more than its limit', async () => {
  const url = await listen((request, response) => {
    response.end(request.url === '/hooks?long' ? 'ü'.repeat(answerBytesMax) : '{"ok":true}')
  })
  const source = createSource()
  source.send(url, 'd-1', '', true)
  expect(await source.outcomes(1)).toEqual([{ status: 200, body: '{"ok":true}' }])
  source.send(`${url}?long`, 'd-2', '', true)
  const long = (await source.outcomes(2))[1] as { body: string }
  expect(Buffer.byteLength(long.body)).toBeGreaterThanOrEqual(answerBytesMax)
  expect(long.body.length).toBeLessThanOrEqual(answerBytesMax)
})

test('a wanted answer that breaks off is no answer', async () => {
  const url = await listen((_, response) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('half', () => response.destroy())
  })
  const source = createSource()
  source.send(url, 'd-1', '', true)
  expect((await source.outcomes(1))[0]).toHaveProperty('error')
})

test('sends nothing after it was closed', async () => {
  let calls = 0
  const url = await listen((_, response) => {
    calls += 1
    response.end()
  })
  const source = createSource()
  await source.sender.close()
  source.send(url)
  const other = createSource()
  other.send(url)
  await other.outcomes(1)
  expect(calls).toBe(1)
  expect(source.seen).toEqual([])
})
