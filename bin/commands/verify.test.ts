import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { parse } from 'yaml'
import { openBrokerStandIn } from '../../contracts/verify/testing/broker-stand-in.ts'
import { openSimulators } from '../../simulators/server.ts'

const top = fileURLToPath(new URL('../..', import.meta.url))
const script = join(top, 'bin/understudy.mjs')
const page = readFileSync(join(top, 'docs/pipeline.md'), 'utf8')
const example = 'docs/examples/corner-shop-fynd.json'
const scratch = mkdtempSync(join(tmpdir(), 'understudy-verify-'))
afterAll(() => rmSync(scratch, { recursive: true }))

/** As a user types it, and whether any process of it outlives it. */
async function understudy(words: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [script, ...words], {
    cwd: top,
    // A group of its own, so that whoever is left behind can be found.
    detached: true,
    env: { PATH: process.env.PATH, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout?.on('data', (part) => {
    out += part
  })
  child.stderr?.on('data', (part) => {
    err += part
  })
  const [code] = await once(child, 'close')
  return { code, out, err, strays: processesOfGroup(child.pid) }
}

function processesOfGroup(group: number | undefined): string[] {
  const list = execFileSync('ps', ['-eo', 'pgid=,pid=,args='], { encoding: 'utf8' })
  // One that has ended and only waits for somebody to hear of it is no stray.
  return list
    .split('\n')
    .filter((line) => line.trim().startsWith(`${group} `) && !line.includes('<defunct>'))
}

/** The pact that the page shows, changed. */
function changed(name: string, change: (text: string) => string): string {
  const file = join(scratch, `${name}.json`)
  writeFileSync(file, change(readFileSync(join(top, example), 'utf8')))
  return file
}

it('a pact of a client that is not ours verifies by the command on the page alone', async () => {
  const [, command = ''] = /npx understudy (verify --pact docs\/examples\/.*)/.exec(page) ?? []
  const junit = join(scratch, 'out', 'pact.xml')
  const words = [...command.split(' ').filter((word) => word !== ''), '--junit', junit]
  const { code, out, err, strays } = await understudy(words)
  expect({ code, err, strays }).toEqual({ code: 0, err: '', strays: [] })
  expect(out).toContain('✓ where a delivered order is')
  expect(out).toContain('4 green, 0 red\n')
  expect(readFileSync(junit, 'utf8')).toMatch(
    /<testsuites name="understudy" tests="4" failures="0"/,
  )
})

it('a red pact ends with 1, says why to people and to JUnit, and is not published', async () => {
  const broker = await openBrokerStandIn({})
  const published = () => broker.calls.filter(({ path }) => path === '/contracts/publish')
  const words = ['--publish', '1.4.2', '--branch', 'main', '--tag', 'test', '--tag', 'blue']
  const env = { PACT_BROKER_BASE_URL: broker.url, PACT_BROKER_TOKEN: 'fake-broker-token' }
  const file = changed('red', (text) => text.replace('"status": 404', '"status": 200'))
  const junit = join(scratch, 'red.xml')
  const { code, out, strays } = await understudy(
    ['verify', '--pact', file, '--junit', junit, ...words],
    env,
  )
  expect({ code, strays, published: published() }).toEqual({ code: 1, strays: [], published: [] })
  expect(out).toContain('✗ an order that nobody placed\n      expected 200 but was 404')
  expect(readFileSync(junit, 'utf8')).toContain('message="expected 200 but was 404"')
  const green = await understudy(['verify', '--pact', example, ...words], env)
  await broker.close()
  expect(green).toMatchObject({ code: 0, out: expect.stringContaining('Published corner-shop') })
  expect(published()).toMatchObject([
    {
      authorization: 'Bearer fake-broker-token',
      body: { pacticipantVersionNumber: '1.4.2', branch: 'main', tags: ['test', 'blue'] },
    },
  ])
}, 60_000)

it('what cannot be published is red', async () => {
  const words = ['--publish', '1.4.2', '--broker', 'http://127.0.0.1:9']
  expect(await understudy(['verify', '--pact', example, ...words])).toMatchObject({
    code: 1,
    err: expect.stringContaining('Not published: http://127.0.0.1:9 does not answer'),
  })
}, 60_000)

it('nothing to verify ends with 1', async () => {
  const folder = mkdtempSync(join(scratch, 'nothing-'))
  const junit = join(scratch, 'nothing.xml')
  const { code, out } = await understudy(['verify', '--pact', folder, '--junit', junit])
  expect(code).toBe(1)
  expect(out).toContain('Nothing was verified: that is red.')
  expect(readFileSync(junit, 'utf8')).toContain('failures="1"')
})

const nobody = ['--receiver', 'http://127.0.0.1:9', '--partner', 'fynd'] as const
it('an empty secret in the environment is no secret', async () => {
  const { code, err } = await understudy(['verify', ...nobody], { UNDERSTUDY_SECRET: '' })
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('The secret is empty') })
})

it.each([
  [[], 'Say one of --pact, --receiver and --provider.'],
  [['--pact', 'package.json'], 'package.json is no pact'],
  [['--pact', 'package.json', '--junit', '/proc/nope/x.xml'], 'Cannot write /proc/nope/x.xml'],
  [['--pact', example, '--publish', '1'], 'Say where to publish: --broker URL.'],
  [['--receiver', 'http://127.0.0.1:9'], 'Say which partner'],
  [[...nobody, '--secret', ''], 'The secret is empty'],
  [['--provider', 'http://127.0.0.1:9', '--seed', '2'], '--seed goes with --pact or --receiver'],
  [['--pact', example, '--all'], '--all goes with --provider, not with --pact.'],
] as const)('verify %j ends with 2 and says why', async (words, why) => {
  const { code, err } = await understudy(['verify', ...words])
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(why) })
  expect(err).not.toContain('    at ')
})

it('a receiver that takes whatever comes ends with 1, the secret may stand in the environment', async () => {
  const careless = createServer((_request, response) => response.end('{}'))
  careless.listen(0, '127.0.0.1')
  await once(careless, 'listening')
  const url = `http://127.0.0.1:${(careless.address() as AddressInfo).port}`
  const words = ['verify', '--receiver', url, '--partner', 'fynd']
  const { code, out } = await understudy(words, { UNDERSTUDY_SECRET: 'fake-shared-secret' })
  careless.close()
  expect(code).toBe(1)
  expect(out).toContain('✗ ORDER_PLACED with a wrong signature is refused')
  expect(out).toContain('✓ ORDER_PLACED is taken')
}, 60_000)

it('a simulator with another seed stands for a sandbox', async () => {
  const sandbox = await openSimulators({ port: 0, seed: 99 })
  const { world } = sandbox.house.get('default')
  const file = join(scratch, 'credentials.json')
  writeFileSync(file, JSON.stringify(world.credentials('fynd')))
  const words = ['verify', '--provider', world.baseUrl('fynd'), '--partner', 'fynd']
  const green = await understudy([...words, '--credentials', file])
  const wrong = ['--credentials', 'affiliate_id=fa4e', 'token=fake-wrong']
  const red = await understudy([...words, ...wrong])
  await sandbox.close()
  expect(green).toMatchObject({ code: 0, out: expect.stringContaining('✓ getStockStatus') })
  expect(red).toMatchObject({ code: 1, out: expect.stringContaining('are the credentials right?') })
}, 60_000)

it('every file that the page names is there, and so is every option', async () => {
  const { out: help } = await understudy(['verify', '--help'])
  for (const [, path = ''] of page.matchAll(/\]\(([^)#]+)\)/g)) {
    expect(existsSync(join(top, 'docs', path)), path).toBe(true)
  }
  const workflow = readFileSync(join(top, 'docs/workflows/contracts.yml'), 'utf8')
  expect(Object.keys(parse(workflow).jobs)).toEqual(['pacts', 'receiver', 'sandbox'])
  for (const [, command = ''] of `${page}\n${workflow}`.matchAll(/understudy verify ([^\n`]*)/g)) {
    for (const [option] of command.matchAll(/--[a-z-]+/g)) expect(help).toContain(`${option} `)
  }
})
