import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'
import { close, type Listening, listen } from '../provider/listen.ts'
import { runVerifier } from './pact-verifier.ts'
import { cornerShopFile } from './testing/corner-shop.ts'

const open: Listening[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map(close))
})

const pactUrls = [fileURLToPath(cornerShopFile)]

/** Processes of a group that still run. */
const runningIn = (group: number | undefined): string[] =>
  execFileSync('ps', ['-eo', 'pgid=,stat=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.trim().startsWith(`${group} `) && !/^\s*\d+\s+Z/.test(line))

it('gives the report of a red verification, and says nothing itself', async () => {
  const provider = await listen((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end('{}')
  })
  open.push(provider)
  const report = await runVerifier({
    provider: 'fynd',
    providerBaseUrl: provider.url,
    providerStatesSetupUrl: provider.url,
    pactUrls,
    logLevel: 'error',
  })
  expect(report.result).toBe(false)
  expect(report.interactionResults).toHaveLength(4)
})

it('options that make no sense are a red report, in words', async () => {
  const report = await runVerifier({
    providerBaseUrl: 'http://127.0.0.1:9',
    pactUrls: ['gone.json'],
  })
  expect(report).toMatchObject({ result: false, errors: [{ mismatch: {} }] })
})

it('a verifier goes when whoever asked is killed', async () => {
  // Never answers: the verification would go on for long.
  const provider = await listen(() => undefined)
  open.push(provider)
  const asked = once(provider.server, 'request')
  const options = { provider: 'fynd', providerBaseUrl: provider.url, pactUrls }
  const verifier = new URL('./pact-verifier.ts', import.meta.url).href
  const code = `import { runVerifier } from '${verifier}'; await runVerifier(${JSON.stringify(options)})`
  const asker = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], {
    detached: true,
    stdio: 'ignore',
  })
  await asked
  expect(runningIn(asker.pid).join()).toContain('verifier-process')
  asker.kill('SIGKILL')
  await once(asker, 'exit')
  await expect.poll(() => runningIn(asker.pid), { timeout: 10_000 }).toEqual([])
}, 60_000)
