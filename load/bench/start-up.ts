import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Finding } from './finding.ts'
import type { Options } from './options.ts'
import { renderSpread, spreadOf } from './rounds.ts'

const rounds = 5

/**
 * (i) `npm start` as it is: until the first answer, its memory when nothing is asked, and what a world of many SKUs adds to that. Memory is
 * told where there is a /proc.
 */
export async function findStartUp({ isQuick, scale }: Options): Promise<Finding[]> {
  const starts: Start[] = []
  for (let round = 0; round < (isQuick ? 1 : rounds); round += 1) {
    // A large world once: it says the same each time, and takes its time.
    starts.push(await start(round === 0 ? scale.skus : undefined))
  }
  const answerMs = spreadOf(starts.map((one) => one.answerMs))
  const idleMib = spreadOf(starts.map((one) => one.idleMib))
  const { large } = starts[0] ?? {}
  return [
    {
      title: 'npm start',
      lines: [
        `first answer     ${renderSpread(answerMs, 0)} ms`,
        `memory, idle     ${renderSpread(idleMib, 0)} MiB`,
        `${scale.skus} SKUs     ${large?.mib.toFixed(0)} MiB; its first world took ${large?.firstMs.toFixed(0)} ms, the next ${large?.nextMs.toFixed(0)} ms`,
      ],
      figures: { answerMs, idleMib, skus: scale.skus, large },
      isMet: true,
    },
  ]
}

interface Start {
  answerMs: number
  idleMib: number
  large?: { firstMs: number; nextMs: number; mib: number }
}

async function start(skus: number | undefined): Promise<Start> {
  const begunMs = performance.now()
  const bin = fileURLToPath(new URL('../../bin/understudy.mjs', import.meta.url))
  const child = spawn(process.execPath, [bin, 'up', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const url = await readUrl(child)
    const answer = await fetch(`${url}/_sim/health`)
    if (!answer.ok) throw new Error(`/_sim/health: ${answer.status}`)
    const answerMs = performance.now() - begunMs
    const idleMib = await residentMib(child.pid)
    if (skus === undefined) return { answerMs, idleMib }
    const firstMs = await makeWorld(url, skus)
    const mib = await residentMib(child.pid)
    const nextMs = await makeWorld(url, skus)
    return { answerMs, idleMib, large: { firstMs, nextMs, mib } }
  } finally {
    await end(child)
  }
}

/** The first address that it prints is the control plane's. */
function readUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let told = ''
    child.stdout?.on('data', (chunk) => {
      told += chunk
      const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(told) ?? []
      if (url) resolve(url)
    })
    child.once('exit', (code) => reject(new Error(`up ended with ${code}: ${told}`)))
  })
}

async function makeWorld(url: string, skus: number): Promise<number> {
  const begunMs = performance.now()
  const answer = await fetch(`${url}/_sim/worlds`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ size: { skus } }),
  })
  if (answer.status !== 201)
    throw new Error(`/_sim/worlds: ${answer.status} ${await answer.text()}`)
  return performance.now() - begunMs
}

/** Of the process and those that it started; 0 where there is no /proc. */
async function residentMib(pid: number | undefined): Promise<number> {
  const read = (name: string) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')
  const own = Number(/^VmRSS:\s+(\d+) kB/m.exec(await read('status'))?.[1] ?? 0) / 1024
  const children = (await read(`task/${pid}/children`)).split(' ').filter(Boolean).map(Number)
  const theirs = await Promise.all(children.map(residentMib))
  return theirs.reduce((sum, each) => sum + each, own)
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}
