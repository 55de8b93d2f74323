import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Agent, request } from 'undici'
import { answerAsks } from './talk.ts'

/** As many calls are open at a time as the simulator's sender has. */
const openMax = 50
const secret = 'fake-bench-secret'

const agent = new Agent({ connections: openMax })

/** A shop that says yes to everything. */
function receive(): Promise<{ url: string }> {
  const server = createServer((incoming, outgoing) => {
    incoming.resume()
    incoming.on('end', () => {
      outgoing.statusCode = 204
      outgoing.end()
    })
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
    })
  })
}

/** The bare loop: render, sign, post, read the status; nothing is remembered. */
async function post(given: { url: string; requests: number }): Promise<void> {
  let left = given.requests
  const work = async () => {
    while (left > 0) {
      left -= 1
      const body = JSON.stringify(event(left))
      const signature = createHmac('sha256', secret).update(body).digest('hex')
      const answer = await request(`${given.url}/webhooks/gofynd`, {
        dispatcher: agent,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-fp-event-id': String(left),
          'user-agent': 'bench',
          'x-fp-signature': signature,
        },
        body,
      })
      if (answer.statusCode !== 204) throw new Error(`The receiver said ${answer.statusCode}.`)
      await answer.body.dump()
    }
  }
  await Promise.all(Array.from({ length: openMax }, work))
}

/** Of the shape and size of one of FYND's. */
const event = (number: number): object => ({
  event: 'BAG_PICKED',
  event_id: '00000000-0000-4000-8000-000000000000',
  created_timestamp: Date.now(),
  affiliate_id: '0123456789abcdef01234567',
  fynd_order_id: `FY${String(number).padStart(18, '0')}`,
  affiliate_order_id: `storm-${number}`,
  shipment_id: String(number).padStart(20, '0'),
  previous_shipment_id: null,
  status: 'bag_picked',
  bags: [
    {
      bag_id: 43_880 + number,
      affiliate_bag_id: `storm-${number}-1`,
      sku: 'ITEM-000001-M',
      size: 'M',
      quantity: 1,
      status: 'bag_picked',
      previous_status: 'bag_packed',
      updated_at: new Date(Date.now()).toISOString(),
      reason: null,
    },
  ],
  dp_details: {
    name: 'Example Courier',
    awb_no: `AWB${number}`,
    track_url: `https://track.example/AWB${number}`,
  },
  refund: null,
  store: { id: 101, code: 'BLR-01', name: 'Bengaluru Indiranagar' },
})

answerAsks({ receive, post })
