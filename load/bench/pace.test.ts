import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { pace, percentileOf } from './pace.ts'
import { renderRequest } from './raw-client.ts'

let served = 0
let status = 200
const server = createServer((_, response) => {
  served += 1
  response.writeHead(status, { 'content-length': 2 })
  response.end('ok')
})
const begun = new Promise<number>((resolve) => {
  server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
})
afterEach(() => {
  served = 0
  status = 200
})

const wish = async (nowMs: () => number) => ({
  port: await begun,
  requests: Array.from({ length: 20 }, () =>
    renderRequest({ method: 'GET', target: '/', host: 'localhost' }),
  ),
  ratePerSecond: 1_000,
  connections: 3,
  statuses: [200],
  nowMs,
})

it('counts from the moment a request was due, not from when it could leave', async () => {
  // By this clock a second goes by with each look, so that every request is late by more than the one before.
  let nowMs = 0
  const tookMs = await pace(
    await wish(() => {
      nowMs += 1_000
      return nowMs
    }),
  )
  expect(served).toBe(20)
  expect(tookMs).toHaveLength(20)
  expect(Math.max(...tookMs)).toBeGreaterThan(15_000)
})

it('sends nothing before it is due', async () => {
  let nowMs = 0
  const sent: number[] = []
  const asked = pace({
    ...(await wish(() => nowMs)),
    requests: [0, 1].map(() => renderRequest({ method: 'GET', target: '/', host: 'localhost' })),
  })
  // The first is due at once; the second when its millisecond has come.
  while (served < 1) await new Promise((resolve) => setImmediate(resolve))
  sent.push(served)
  nowMs = 1
  expect(await asked).toHaveLength(2)
  expect(sent).toEqual([1])
})

it('rejects an answer with another status', async () => {
  status = 500
  await expect(pace(await wish(() => performance.now()))).rejects.toThrow('Got 500')
})

it.each([
  [[5, 1, 3], 0.99, 5],
  [Array.from({ length: 100 }, (_, at) => at + 1), 0.99, 99],
  [[1, 2], 0.5, 1],
  [[7], 0.01, 7],
])('takes a percentile of %j at %d', (values, part, percentile) => {
  expect(percentileOf(values, part)).toBe(percentile)
})
