import { createHmac } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { afterEach, expect, it } from 'vitest'
import { close, type Listening, listen, readBytes } from '../provider/listen.ts'
import { openShopUnderVerification, type ShopSite } from '../provider/shop-states.ts'
import type { Check } from './check.ts'
import { type ReceiverWish, verifyReceiver } from './verify-receiver.ts'

const open: Listening[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map(close))
})

async function receiver(listener: RequestListener): Promise<string> {
  const listening = await listen(listener)
  open.push(listening)
  return listening.url
}

const wish = { places: {}, values: {}, secret: 'fake-shared-secret' }
const verify = (partner: string, url: string, more: Partial<ReceiverWish> = {}) =>
  verifyReceiver({ partner, url, ...wish, ...more })
const arvindLogin = { secret: 'fake-name:fake-word' }
const red = (checks: Check[]) =>
  checks.filter(({ outcome }) => outcome === 'red').map(({ name }) => name)

/** A receiver of FYND's events, right but for what `slip` does first. */
function fyndReceiver(
  slip: (call: { body: string; signature: string; seen: Set<string> }) => number | undefined = () =>
    undefined,
): RequestListener {
  const seen = new Set<string>()
  return (request, response) => {
    const end = (status: number) => {
      response.writeHead(status)
      response.end()
    }
    void readBytes(request).then((bytes) => {
      const body = bytes.toString('utf8')
      const { 'x-fp-signature': given } = request.headers
      const signature = String(given)
      const wanted = createHmac('sha256', wish.secret).update(bytes).digest('hex')
      const status = slip({ body, signature, seen }) ?? (signature === wanted ? 200 : 401)
      if (status < 300) seen.add(body)
      end(request.url === '/webhooks/gofynd' ? status : 404)
    })
  }
}

/** The reference client's own order, by the names that each partner has for it. */
async function shopWithOrder(site: ShopSite, partner: string) {
  const shop = openShopUnderVerification(site)
  const url = await receiver(shop.listener)
  const statesUrl = await receiver(shop.states)
  const given: Record<string, string> = {
    fynd: 'shop.order.placed',
    arvind: 'shop.order.placed',
    'payment-gateway': 'shop.order.unpaid',
  }
  const answer = await fetch(statesUrl, {
    method: 'POST',
    body: JSON.stringify({ state: given[partner] ?? '', action: 'setup' }),
  })
  const known = (await answer.json()) as Record<string, string>
  const account = shop.world().credentials(partner)
  return { url, known, account }
}

it.each([
  ['fynd', 'fynd', 14],
  ['arvind', 'arvind', 17],
  ['konnect', 'konnect', 10],
  ['payment-gateway', 'fynd', 5],
] as const)(
  'the reference client takes what %s tells and no more',
  async (partner, site, events) => {
    const { url, known, account } = await shopWithOrder(site, partner)
    const { order_id = '', affiliate_bag_id = '', payment_id = '' } = known
    const checks = await verify(partner, url, {
      secret:
        partner === 'arvind'
          ? `${account.username}:${account.password}`
          : (account.secret ?? account.webhook_secret ?? ''),
      values: {
        ...(partner === 'fynd' && { affiliate_order_id: order_id, affiliate_bag_id }),
        ...(partner === 'arvind' && { orderReference: order_id, itemReference: affiliate_bag_id }),
        ...(partner === 'payment-gateway' && { merchant_order_id: order_id, payment_id }),
        ...(account.affiliate_id !== undefined && { affiliate_id: account.affiliate_id }),
        ...(account.channel_id !== undefined && { channelId: account.channel_id }),
        ...(account.warehouse_id !== undefined && { warehouseId: account.warehouse_id }),
      },
    })
    expect(checks.filter(({ outcome }) => outcome === 'red')).toEqual([])
    const taken = checks.filter(({ name }) => / is taken$/.test(name) && !/second|late/.test(name))
    expect(taken.length).toBeGreaterThanOrEqual(events)
    expect(checks.some(({ name }) => name.includes('late and out of order'))).toBe(true)
  },
)

it('a receiver that does it all is green', async () => {
  const checks = await verify('fynd', await receiver(fyndReceiver()))
  expect(red(checks)).toEqual([])
  expect(checks.filter(({ name }) => name.includes('wrong signature'))).toHaveLength(14)
})

it.each([
  ['takes whatever comes', () => 200, 'ORDER_PLACED with a wrong signature is refused'],
  [
    'does not ask for a signature',
    ({ signature }: { signature: string }) => (signature === 'undefined' ? 200 : undefined),
    'ORDER_PLACED without signature is refused',
  ],
  [
    'looks at the form of a signature alone',
    ({ body, signature }: { body: string; signature: string }) =>
      /^[0-9a-f]{64}$/.test(signature) && body.includes('changed_on') ? 200 : undefined,
    'ORDER_PLACED changed after it was signed is refused',
  ],
  [
    'falls over a second delivery',
    ({ body, seen }: { body: string; seen: Set<string> }) => (seen.has(body) ? 409 : undefined),
    'BAG_CONFIRMED a second time is taken',
  ],
  [
    'wants events in order',
    ({ body, seen }: { body: string; seen: Set<string> }) =>
      body.includes('BAG_PICKED') && !body.includes('"100001"') && seen.size > 10 ? 422 : undefined,
    'BAG_PICKED, late and out of order, is taken',
  ],
  ['crashes', () => 500, 'ORDER_PLACED is taken'],
  ['sends the partner elsewhere', () => 302, 'ORDER_PLACED is taken'],
  ['refuses all', () => 401, 'ORDER_PLACED is taken'],
] as const)('a receiver that %s is red', async (_how, slip, name) => {
  const checks = await verify('fynd', await receiver(fyndReceiver(slip)))
  expect(red(checks)).toContain(name)
})

it('Arvind wants to read that its call was taken', async () => {
  const checks = await verify(
    'arvind',
    await receiver((_request, response) => response.end('{"status":false}')),
    arvindLogin,
  )
  expect(red(checks)).toContain('PACKED is taken')
})

it('Arvind wants to read it at the top of the answer', async () => {
  const answers = [
    '{"a":{"status":true},"status":false}',
    '[{"status":true}]',
    'ok "status":true',
    '{ "status" : true }',
  ]
  const taken = await Promise.all(
    answers.map(async (answer) => {
      const url = await receiver((_request, response) => response.end(answer))
      return !red(await verify('arvind', url, arvindLogin)).includes('PACKED is taken')
    }),
  )
  expect(taken).toEqual([false, false, false, true])
})

it.each(['fynd', 'payment-gateway'])(
  'a signature of the parsed body is none of %s',
  async (partner) => {
    const url = await receiver((request, response) => {
      void readBytes(request).then((bytes) => {
        const parsed = bytes.toString('utf8').startsWith('{')
          ? JSON.stringify(JSON.parse(bytes.toString('utf8')))
          : ''
        const signed = createHmac('sha256', wish.secret).update(parsed).digest('hex')
        const given = request.headers['x-fp-signature'] ?? request.headers['x-gateway-signature']
        response.writeHead(parsed === '' || given === signed ? 200 : 401)
        response.end()
      })
    })
    const checks = await verify(partner, url)
    const wrong = checks.filter(({ name, outcome }) => outcome === 'red' && / is taken/.test(name))
    expect(wrong.map(({ name }) => name)).toEqual([
      expect.stringMatching(
        /in other bytes is taken: the signature is of the bytes, not of the parsed/,
      ),
    ])
    expect(wrong[0]?.notes.join()).toContain('before anything parses them')
  },
)

it.each([404, 405])('a path that is not there (%i) refuses no forgery', async (status) => {
  const checks = await verify('fynd', await receiver(fyndReceiver(() => status)))
  expect(red(checks)).toContain('ORDER_PLACED with a wrong signature is refused')
  expect(checks[0]?.notes.join()).toContain('--place')
})

it('who takes nothing twice is told that partners deliver at least once', async () => {
  const url = await receiver(fyndReceiver(({ body, seen }) => (seen.has(body) ? 409 : undefined)))
  const checks = await verify('fynd', url)
  const again = checks.find(({ name }) => name === 'ORDER_PLACED a second time is taken')
  expect(again?.notes.join()).toContain('at least once')
  expect(again?.notes.join()).not.toContain('--set')
})

it('Arvind’s forgeries are told of in whole words', async () => {
  const checks = await verify('arvind', 'http://127.0.0.1:9', arvindLogin)
  expect(red(checks)).toContain('PACKED with wrong credentials is refused')
})

it.each([
  ['fynd', { secret: '' }, 'The secret is empty'],
  ['arvind', { secret: 'nocolon' }, 'The secret of arvind is username:password.'],
  [
    'payment-gateway',
    { places: { return_url: 'nope' } },
    '--place return_url=nope: that is no URL',
  ],
  [
    'fynd',
    { values: { nosuchfield: '1' } },
    'No event has a field "nosuchfield". Known: affiliate_',
  ],
  ['fynd', { values: { bags: '1' } }, 'No event has a field "bags"'],
  ['fynd', { values: { refund: '1' } }, 'No event has a field "refund"'],
  [
    'fynd',
    { values: { bag_id: 'abc' } },
    '"abc" does not fit the field "bag_id": a number is wanted.',
  ],
  ['fynd', { values: { bag_id: '' } }, 'a number is wanted'],
  ['konnect', { values: { lockStatus: 'no' } }, 'true or false is wanted'],
] as const)('%s with %j cannot be verified', async (partner, more, why) => {
  await expect(verify(partner, 'http://127.0.0.1:9', more)).rejects.toThrow(why)
})

it('an order that the receiver does not know is named with what helps', async () => {
  const url = await receiver(fyndReceiver(() => 404))
  const [, , , first] = await verify('fynd', url)
  expect(first?.notes.join()).toContain('--set affiliate_order_id=…')
})

it('what is told carries the values that were given, signed with them', async () => {
  const bodies: string[] = []
  const url = await receiver(
    fyndReceiver(({ body }) => {
      bodies.push(body)
      return undefined
    }),
  )
  const values = { affiliate_order_id: 'MINE-1', bag_id: '77' }
  expect(red(await verify('fynd', url, { values }))).toEqual([])
  for (const body of bodies) {
    expect(JSON.parse(body)).toMatchObject({
      affiliate_order_id: 'MINE-1',
      bags: [{ bag_id: 77 }],
    })
  }
})

it('calls go where they were said to go', async () => {
  const url = await receiver(fyndReceiver())
  const moved = await verify('fynd', 'http://127.0.0.1:9', {
    places: { webhook_url: `${url}/webhooks/gofynd` },
  })
  expect(red(moved)).toEqual([])
  await expect(verify('fynd', url, { places: { status_url: url } })).rejects.toThrow(
    'fynd has no "status_url" to call. Known: webhook_url.',
  )
  await expect(verify('fined', url)).rejects.toThrow('Known: fynd, arvind, konnect')
})

it('nobody who listens is red', async () => {
  const checks = await verify('konnect', 'http://127.0.0.1:9')
  expect(red(checks).length).toBeGreaterThan(10)
  expect(checks[0]?.notes.join()).toContain('No answer')
})
