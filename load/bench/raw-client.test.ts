import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { createAnswerReader, fire, readJson, renderRequest } from './raw-client.ts'

const open: Server[] = []
afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

const listen = (server: Server): Promise<number> => {
  open.push(server)
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

it.each(['content-length', 'chunked'])(
  'sends every request once over few sockets (%s)',
  async (kind) => {
    const seen: string[] = []
    const sockets = new Set<unknown>()
    const port = await listen(
      createServer((request, response) => {
        sockets.add(request.socket)
        let body = ''
        request.on('data', (chunk) => {
          body += chunk
        })
        request.on('end', () => {
          seen.push(`${request.method} ${request.url} ${request.headers['x-key']} ${body}`)
          const text = JSON.stringify({ long: 'é'.repeat(50_000) })
          if (kind === 'content-length')
            response.setHeader('content-length', Buffer.byteLength(text))
          response.write(text.slice(0, 10))
          response.end(text.slice(10))
        })
      }),
    )
    const requests = Array.from({ length: 20 }, (_, at) =>
      renderRequest({
        method: 'POST',
        target: `/orders/${at}`,
        host: `127.0.0.1:${port}`,
        headers: { 'x-key': 'k' },
        body: `é${at}`,
      }),
    )
    await fire({ port, requests, connections: 3, statuses: [200] })
    expect(seen.sort()).toEqual(
      Array.from({ length: 20 }, (_, at) => `POST /orders/${at} k é${at}`).sort(),
    )
    expect(sockets.size).toBe(3)
  },
)

it('rejects an answer with another status and shows it', async () => {
  const port = await listen(
    createServer((_, response) => {
      response.statusCode = 409
      response.end('out of stock')
    }),
  )
  const request = renderRequest({ method: 'GET', target: '/', host: 'localhost' })
  await expect(
    fire({ port, requests: [request], connections: 1, statuses: [200] }),
  ).rejects.toThrow(/Wanted 200, got 409: [\s\S]*out of stock/)
})

it('rejects when the server hangs up', async () => {
  const port = await listen(createServer((request) => request.socket.destroy()))
  const request = renderRequest({ method: 'GET', target: '/', host: 'localhost' })
  await expect(
    fire({ port, requests: [request], connections: 1, statuses: [200] }),
  ).rejects.toThrow()
})

it('puts an answer together from single bytes', () => {
  const reader = createAnswerReader()
  const bytes = Buffer.from('HTTP/1.1 201 Created\r\nContent-Length: 3\r\n\r\nabc')
  const answers = [...bytes].flatMap((byte) => reader.push(Buffer.from([byte])) ?? [])
  expect(answers).toEqual([{ status: 201, bytes }])
})

it('asks the calls of a talk one after the other, each with the answer before it', async () => {
  const seen: string[] = []
  const port = await listen(
    createServer((request, response) => {
      seen.push(request.url ?? '')
      response.statusCode = seen.length % 2 ? 200 : 303
      const text = JSON.stringify({ id: seen.length })
      response.writeHead(response.statusCode, { 'content-length': text.length })
      response.end(text)
    }),
  )
  const get = (target: string) => renderRequest({ method: 'GET', target, host: 'localhost' })
  const talk = [
    () => get('/first'),
    (answer: Buffer) => get(`/after-${(readJson(answer) as { id: number }).id}`),
  ]
  await fire({ port, requests: [talk, talk], connections: 1, statuses: [200, 303] })
  expect(seen).toEqual(['/first', '/after-1', '/first', '/after-3'])
})
