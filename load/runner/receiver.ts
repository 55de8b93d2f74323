import { createServer } from 'node:http'

/**
 * Takes whatever partners send, as a shop that is done with it at once: runs in a process of its own, so that it does not take the time of
 * the simulators that it is measured with. Says `receiver listening on URL` and stops on SIGTERM.
 */
const server = createServer((incoming, outgoing) => {
  const parts: Buffer[] = []
  incoming.on('data', (part: Buffer) => parts.push(part))
  incoming.on('end', () => {
    outgoing.writeHead(200, { 'content-type': 'application/json' })
    outgoing.end(JSON.stringify(answerTo(incoming.url, Buffer.concat(parts))))
  })
})

/** Arvind wants to hear which SKUs were taken (arvind.md 3). */
function answerTo(url: string | undefined, body: Buffer): object {
  if (!url?.endsWith('/update-inventory')) return { status: true, accepted: true }
  const { inventories } = JSON.parse(body.toString('utf8')) as { inventories: { skuId: string }[] }
  return {
    status: true,
    message: 'taken',
    successList: inventories.map(({ skuId }) => skuId),
    failureList: [],
  }
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object' && address !== null) {
    console.log(`receiver listening on http://127.0.0.1:${address.port}`)
  }
})
process.once('SIGTERM', () => process.exit(0))
