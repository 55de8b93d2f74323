import { createRequire } from 'node:module'
import { Server } from 'node:net'
import { join } from 'node:path'
import { answerAsks } from '../talk.ts'
import { answerParts, type PeerRoute } from './peer.ts'
import { findFreePort } from './start-process.ts'

/** The little of mockttp that is used; its types are not here. */
interface Mockttp {
  getLocal(options: { recordTraffic: boolean }): {
    start(port: number): Promise<void>
    port: number
    forGet(path: string): Rule
    forPost(path: string): Rule
    forPut(path: string): Rule
  }
}

interface Rule {
  thenCallback(answer: (request: Asked) => Promise<object> | object): Promise<unknown>
}

interface Asked {
  body: { getJson(): Promise<unknown> }
}

// It knows no address to listen on, and would listen on all.
const listen = Server.prototype.listen as (this: Server, ...given: unknown[]) => Server
Server.prototype.listen = function onLoopback(this: Server, ...given: unknown[]) {
  const [port] = given
  return typeof port === 'number' && given.length === 1
    ? listen.call(this, { port, host: '127.0.0.1' })
    : listen.apply(this, given)
} as Server['listen']

async function open({ folder, route }: { folder: string; route: PeerRoute }) {
  const { getLocal } = createRequire(join(folder, 'node_modules/'))('mockttp') as Mockttp
  const server = getLocal({ recordTraffic: false })
  await server.start(await findFreePort())
  const parts = answerParts(route)
  // It sends the headers that it is given and no other: without a length it would close the connection.
  const send = (body: string) => ({
    statusCode: 200,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(Buffer.byteLength(body)),
    },
    body,
  })
  if (route.method === 'GET')
    await server.forGet(route.path).thenCallback(() => send(parts.join('')))
  else {
    const rule = route.method === 'POST' ? server.forPost(route.path) : server.forPut(route.path)
    await rule.thenCallback(async ({ body }) =>
      send(parts.join(JSON.stringify(echoOf(await body.getJson())))),
    )
  }
  return { port: server.port }
}

const echoOf = (sent: unknown): unknown =>
  Array.isArray(sent)
    ? sent.length
    : (sent as { order_info: { affiliate_order_id: string } }).order_info.affiliate_order_id

answerAsks({ open })
