import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { fetchOnce, run } from './fetch-peer.ts'
import { findFreePort, startProcess } from './start-process.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peers-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const node = (script: string): [string, ...string[]] => [process.execPath, '-e', script]

it('is ready once the port answers, and gone after the stop', async () => {
  const port = await findFreePort()
  const serve = `require('node:http').createServer((_, answer) => answer.end('here')).listen(${port}, '127.0.0.1')`
  const running = await startProcess(node(serve), { cwd: folder, port })
  const url = `http://127.0.0.1:${running.port}`
  expect(await (await fetch(url)).text()).toBe('here')
  await running.stop()
  await expect(fetch(url)).rejects.toThrow('fetch failed')
})

it('says why a peer did not start', async () => {
  const port = await findFreePort()
  const start = (command: [string, ...string[]]) => startProcess(command, { cwd: folder, port })
  await expect(start(node('console.error("no such file"); process.exit(3)'))).rejects.toThrow(
    /ended with 3: no such file/,
  )
  await expect(start(['no-such-command'])).rejects.toThrow('no-such-command cannot be run here')
})

it('fetches once, and a fetch that broke off is begun again', async () => {
  const place = join(folder, 'peer-1')
  const broken = fetchOnce(place, async (into) => {
    await writeFile(join(into, 'half'), '')
    await run(process.execPath, ['-e', 'console.error("no network"); process.exit(1)'])
  })
  await expect(broken).rejects.toThrow('ended with 1: no network')
  expect(existsSync(place)).toBe(false)
  expect(await fetchOnce(place, (into) => writeFile(join(into, 'whole'), ''))).toBe(place)
  expect([existsSync(join(place, 'whole')), existsSync(join(place, 'half'))]).toEqual([true, false])
  await fetchOnce(place, () => Promise.reject(new Error('asked twice')))
})
