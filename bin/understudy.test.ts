import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { partners } from '../simulators/index.ts'

const script = fileURLToPath(new URL('./understudy.mjs', import.meta.url))

function start(words: readonly string[], url = ''): ChildProcess {
  const env = { PATH: process.env.PATH, NO_COLOR: '1', ...(url && { UNDERSTUDY_URL: url }) }
  return spawn(process.execPath, [script, ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] })
}

async function run(words: readonly string[], url = '') {
  const child = start(words, url)
  let [out, err] = ['', '']
  child.stdout?.on('data', (part) => {
    out += part
  })
  child.stderr?.on('data', (part) => {
    err += part
  })
  const [code] = await once(child, 'close')
  return { code, out, err }
}

let up: ChildProcess
let controlUrl: string
let printed = ''

/** What it prints once all is open. */
function opened(child: ChildProcess): Promise<{ printed: string; url: string }> {
  return new Promise((resolve, reject) => {
    let text = ''
    const read = (part: Buffer) => {
      text += part
      const url = /control plane +(http:\S+)\/_sim/.exec(text)?.[1]
      if (url !== undefined && text.includes('made up')) resolve({ printed: text, url })
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('exit', () => reject(new Error(`up ended: ${text}`)))
  })
}

beforeAll(async () => {
  up = start(['up', '--port', '0', '--seed', '7'])
  const all = await opened(up)
  printed = all.printed
  controlUrl = all.url
})

afterAll(() => {
  up.kill('SIGKILL')
})

it('prints, ready to paste, what the control plane gives as JSON', async () => {
  const world = (await (await fetch(`${controlUrl}/_sim/worlds/default`)).json()) as {
    partners: Record<string, { base_url: string; credentials: Record<string, string> }>
  }
  expect(Object.keys(world.partners)).toEqual(partners.map(({ name }) => name))
  for (const { base_url, credentials } of Object.values(world.partners)) {
    for (const value of [base_url, ...Object.values(credentials)]) expect(printed).toContain(value)
  }
})

it('opens a shop for each partner, wires both ways and prints where', async () => {
  const { shop } = (await (await fetch(`${controlUrl}/_sim/worlds/default`)).json()) as {
    shop: Record<string, { base_url: string }>
  }
  expect(Object.keys(shop)).toEqual(['fynd', 'arvind', 'konnect'])
  for (const [site, { base_url }] of Object.entries(shop)) {
    expect(printed).toMatch(new RegExp(`${site} shop +${base_url}\n`))
    const health = await fetch(`${base_url}/health`)
    expect(await health.json()).toMatchObject({ ok: true, site })
  }
  // Only Arvind pushes stock; its website can sell once the push has arrived.
  await expect
    .poll(async () => {
      const answer = await fetch(`${shop.arvind?.base_url}/shop/products`)
      const { products } = (await answer.json()) as {
        products: { options: { sku: string; quantity: number }[] }[]
      }
      return products.flatMap(({ options }) => options).find(({ sku }) => sku === 'TEE-M')?.quantity
    })
    .toBeGreaterThan(0)
})

it('does acts, moves time and reads the log of a running world', async () => {
  const done = await run(
    ['do', 'fynd.stock.set', 'sku=TEE-M', 'store=BLR-01', 'quantity=5'],
    controlUrl,
  )
  expect(JSON.parse(done.out)).toMatchObject({ sku: 'TEE-M', sellable: 5 })
  const log = await run(['log'], controlUrl)
  expect(log.out).toContain('act           fynd.stock.set {"sku":"TEE-M"')
  const request = /^ *(\d+) .* request .*\/gofynd\//m.exec(log.out)?.[1] ?? ''
  const curl = await run(['log', '--curl', request], controlUrl)
  expect(curl.out).toMatch(/^curl -i -X GET 'http:\/\/127\.0\.0\.1:\d+\/gofynd\//)
  const moved = await run(['clock', 'advance', '3d'], controlUrl)
  expect(moved).toMatchObject({ code: 0, out: expect.stringContaining('(real;') })
})

it.each([
  [['do', 'fynd.stok.set'], 2, 'Did you mean "fynd.stock.set"? Accepted: fynd.stock.set, '],
  [['do', 'fynd.stok.set'], 2, ' more; see understudy list acts.'],
  [
    ['do', 'fynd.stock.set', 'sku=TEE-M', 'store=BLR-01', 'quantity=few'],
    2,
    'quantity: Invalid input',
  ],
  [['do', 'fynd.bag.confirm', 'affiliate_order_id=none'], 1, 'none'],
  [['clock', 'advance', 'soon'], 2, '"soon" is no duration'],
  [['log', '--curl', '999999'], 2, 'no entry 999999'],
  [['log', '--kind', 'request,bogus'], 2, 'Unknown kind of entry "bogus". Known: act, arm'],
  [['log', '--world', 'blue'], 2, 'Unknown world "blue"'],
] as const)('%j ends with %i and says why', async (words, code, message) => {
  const ended = await run(words, controlUrl)
  expect(ended).toMatchObject({ code, err: expect.stringContaining(message) })
  expect(ended.err).not.toContain('    at ')
})

it.each([
  [['nonsense'], 2, "unknown command 'nonsense'"],
  [['run', 'nowhere.yaml'], 2, 'nowhere.yaml'],
  [['list', 'acts', 'fynd.stok.set'], 2, ' more; see understudy list acts.'],
  [['run', '--only', 'no-such-scenario'], 2, 'no-such-scenario'],
  [['run', '--keep', '--port', '65500'], 2, '--port 65500 will not do: 1 to 65433.'],
  [['up', '--host', '0.0.0.0'], 2, 'without a token'],
  [['up', '--port', '99999'], 2, '--port 99999 will not do: 1 to 65433, '],
  [['up', '--port', '65500', '--no-shop'], 2, '--port 65500 will not do: 1 to 65495, '],
  [['clock', '--url', 'http://127.0.0.1:9'], 1, 'Start them with: understudy up'],
] as const)('%j ends with %i', async (words, code, message) => {
  expect(await run(words)).toMatchObject({ code, err: expect.stringContaining(message) })
})

it('listens on every address with its shops, and still reaches them', async () => {
  const child = start(['up', '--port', '0', '--host', '0.0.0.0', '--token', 'made-up-token'])
  try {
    const { url, printed } = await opened(child)
    expect(printed).toMatch(/konnect shop +http:\/\/127\.0\.0\.1:\d+\n/)
    const authorization = 'Bearer made-up-token'
    const ask = (path: string) =>
      fetch(`${url}/_sim/worlds/default${path}`, { headers: { authorization } })
    const pushed = async () => JSON.stringify(await (await ask('/deliveries')).json())
    await expect.poll(pushed).toMatch(/"partner":"arvind".*"state":"delivered"/)
  } finally {
    child.kill('SIGKILL')
  }
})

it('prints for your own shop a call that carries the token', async () => {
  const child = start([
    ...['up', '--no-shop', '--port', '0', '--host', '0.0.0.0', '--token', 'made-up-token'],
  ])
  try {
    const { printed } = await opened(child)
    expect(printed).toMatch(/your own shop +curl .* -H 'authorization: Bearer <your token>' /)
    expect(printed).not.toContain('made-up-token')
  } finally {
    child.kill('SIGKILL')
  }
})

it('ends with one message, and nothing open, when a shop cannot be opened', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  try {
    const { port } = taken.address() as AddressInfo
    const { code, err } = await run(['up', '--port', String(port - 102)])
    expect([code, err.trim().split('\n').length]).toEqual([2, 1])
    expect(err).toContain('Cannot open the shops: ')
  } finally {
    taken.close()
  }
})

it('explains every command with an example', async () => {
  const commands = ['up', 'run', 'list', 'do', 'clock', 'log', 'verify']
  const helps = await Promise.all(commands.map((command) => run([command, '--help'])))
  for (const { code, out } of helps) {
    expect([code, out]).toEqual([0, expect.stringMatching(/Examples?:\n {2}understudy /)])
  }
})

it('stops cleanly when it is told to', async () => {
  up.kill('SIGTERM')
  const [code] = await once(up, 'exit')
  expect(code).toBe(0)
  await expect(fetch(`${controlUrl}/_sim/health`)).rejects.toThrow('fetch failed')
})
