import { connect } from 'node:net'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { expect, it } from 'vitest'
import type { Transport } from './core/faults/fault.ts'
import { openSocket, renderTransport } from './sockets.ts'

const body = JSON.stringify({ orders: [1, 2, 3, 4, 5] })

/** What a client reads until the connection ends, and how it ended. */
function readRaw(port: number): Promise<{ text: string; end: string }> {
  return new Promise((resolve) => {
    let text = ''
    const socket = connect(port, '127.0.0.1', () => {
      socket.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n')
    })
    socket.setEncoding('utf8')
    socket.on('data', (part) => {
      text += part
    })
    socket.on('end', () => resolve({ text, end: 'end' }))
    socket.on('error', (error: NodeJS.ErrnoException) => resolve({ text, end: error.code ?? '?' }))
  })
}

async function render(transport: Transport): Promise<{
  text: string
  end: string
  sleptMs: number[]
}> {
  const sleptMs: number[] = []
  const socket = await openSocket({
    name: 'test',
    port: 0,
    host: '127.0.0.1',
    async fetch(_, { outgoing }) {
      const answer = new Response(body, { headers: { 'content-type': 'application/json' } })
      await renderTransport(transport, answer, outgoing, async (delayMs) => {
        sleptMs.push(delayMs)
      })
      return RESPONSE_ALREADY_SENT
    },
  })
  const read = await readRaw(socket.port)
  await socket.close()
  return { ...read, sleptMs }
}

it('resets the connection without a byte', async () => {
  expect(await render({ kind: 'reset' })).toMatchObject({ text: '', end: 'ECONNRESET' })
})

it('ends the connection without an answer', async () => {
  expect(await render({ kind: 'empty-reply' })).toMatchObject({ text: '', end: 'end' })
})

it('announces the whole body and sends only its beginning', async () => {
  const { text, end } = await render({ kind: 'truncate', bytes: 10 })
  expect(text).toContain(`content-length: ${body.length}\r\n`)
  expect(text.split('\r\n\r\n')[1]).toBe(body.slice(0, 10))
  expect(end).toBe('end')
})

it('drips the whole body, sleeping by the clock it is given', async () => {
  const { text, sleptMs } = await render({ kind: 'drip', chunkBytes: 8, everyMs: 20 })
  expect(text.split('\r\n\r\n')[1]).toBe(body)
  expect(sleptMs).toEqual(Array(Math.ceil(body.length / 8)).fill(20))
})

it('says whose port is taken and what to do', async () => {
  const fetch = async () => new Response('')
  const first = await openSocket({ name: 'one', port: 0, host: '127.0.0.1', fetch })
  await expect(
    openSocket({ name: 'two', port: first.port, host: '127.0.0.1', fetch }),
  ).rejects.toThrow(
    `Cannot open port ${first.port} on 127.0.0.1 for two: it is taken. Stop what listens there.`,
  )
  await first.close()
})

it('takes the longest query that a document allows', async () => {
  const fetch = async (request: Request) => new Response(String(request.url.length))
  const socket = await openSocket({ name: 'test', port: 0, host: '127.0.0.1', fetch })
  const answer = await globalThis.fetch(
    `http://127.0.0.1:${socket.port}/?sku_code=${encodeURIComponent('𝄞'.repeat(8_000))}`,
  )
  expect(answer.status).toBe(200)
  expect(Number(await answer.text())).toBeGreaterThan(96_000)
  await socket.close()
})

it('keeps an idle connection longer than the pools of clients do', async () => {
  const fetchText = async () => new Response(body, { headers: { 'content-type': 'text/plain' } })
  const socket = await openSocket({ name: 'test', port: 0, host: '127.0.0.1', fetch: fetchText })
  const answer = await fetch(`http://127.0.0.1:${socket.port}/`)
  await answer.text()
  const [, seconds] = /timeout=(\d+)/.exec(answer.headers.get('keep-alive') ?? '') ?? []
  expect(Number(seconds)).toBeGreaterThanOrEqual(90)
  await socket.close()
})
