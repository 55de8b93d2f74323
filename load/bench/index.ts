import { type ChildProcess, fork } from 'node:child_process'
import { askCpuUs } from './cpu.ts'
import type { StockRow } from './floor.ts'
import { playLadder } from './ladder.ts'
import { askOrder, askStock, type Target } from './questions.ts'
import { fire } from './raw-client.ts'
import {
  differenceInShape,
  type PairedResult,
  renderSpread,
  runPaired,
  spreadOf,
} from './rounds.ts'

/** The simulator may cost this much more than the floor: at least this part of its rate (issue: 0.4 of the floor). */
const ratioTarget = 0.4
/** The whole ladder of twenty attempts, on the wall. */
const ladderTargetMs = 100

const connections = 8
const rounds = 9
/** Until the code is compiled and the journal is full and lets go; measured: both are steady after 12,000 orders. */
const warmUps = 6
const ladderRuns = 9

/** `--tell`: a machine that does other work beside this says little; show the figures and let a missed target pass. */
const isTold = process.argv.includes('--tell')

const nowMs = () => performance.now()
const children: ChildProcess[] = []

try {
  const isMet = await bench()
  process.exitCode = isMet || isTold ? 0 : 1
} finally {
  for (const child of children) child.disconnect()
}

async function bench(): Promise<boolean> {
  const simulator = await start<Target>('./simulator-process.ts')
  const rows = await readRows(simulator)
  const least = await start<{ port: number }>('./floor-process.ts', { rows })
  const floor = { ...simulator, ...least }
  await refuseUnlikeAnswers(floor, simulator)

  console.log(
    `${rounds} rounds each, in turns, ${connections} connections on loopback, ${rows.length} rows of stock`,
  )
  console.log('requests a second: median (min to max)\n')
  const stock = await compare(floor, simulator, 1_000, (target) => askStock(target))
  const isStockFast = tell('stock status of 50 SKUs', stock)
  // Numbers go on from round to round: an order that is placed twice would be answered from memory.
  let number = 0
  const order = await compare(floor, simulator, 2_000, (target) => {
    number += 1
    return askOrder(target, number, Date.now())
  })
  const isOrderFast = tell('order placed', order)
  return [isStockFast, isOrderFast, await ladder()].every(Boolean)
}

type Contender = Target & Started

function compare(
  floor: Contender,
  simulator: Contender,
  requests: number,
  ask: (target: Target) => Buffer,
): Promise<PairedResult> {
  const contender = (target: Contender) => ({
    prepare: () => Array.from({ length: requests }, () => ask(target)),
    run: (volley: readonly Buffer[]) =>
      fire({ port: target.port, requests: volley, connections, status: 200 }),
    cpuUs: () => askCpuUs(target.child),
  })
  return runPaired({
    floor: contender(floor),
    contender: contender(simulator),
    requests,
    rounds,
    warmUps,
    nowMs,
  })
}

function tell(question: string, result: PairedResult): boolean {
  const ratio = spreadOf(result.ratios)
  const isMet = ratio.median >= ratioTarget
  console.log(question)
  console.log(`  bare node:http   ${renderSpread(spreadOf(result.floorRates), 0)}`)
  console.log(`  simulator        ${renderSpread(spreadOf(result.rates), 0)}`)
  console.log(`  of the floor     ${renderSpread(ratio, 2)}, target ${ratioTarget}: ${met(isMet)}`)
  // A second opinion on a busy machine; the rate decides.
  const [floorCpu, cpu] = [spreadOf(result.floorCpuUs), spreadOf(result.cpuUs)]
  console.log(
    `  CPU a request    ${renderSpread(cpu, 0)} µs, bare ${renderSpread(floorCpu, 0)} µs: ${(floorCpu.median / cpu.median).toFixed(2)} of the floor\n`,
  )
  return isMet
}

async function ladder(): Promise<boolean> {
  const runs = []
  // The first run pays for loading and compiling.
  for (let run = 0; run <= ladderRuns; run++) runs.push(await playLadder(nowMs))
  const [first, ...others] = runs
  const wall = spreadOf(others.map(({ wallMs }) => wallMs))
  const isMet = wall.median < ladderTargetMs && runs.every(({ attempts }) => attempts === 20)
  console.log('whole retry ladder of one event, on the virtual clock')
  console.log(
    `  ${first?.attempts} attempts over ${hours(first?.virtualMs ?? 0)}, then ${first?.state}`,
  )
  console.log(
    `  wall             ${renderSpread(wall, 1)} ms (first ${first?.wallMs.toFixed(1)} ms), target ${ladderTargetMs} ms: ${met(isMet)}`,
  )
  return isMet
}

function met(isMet: boolean): string {
  return isMet ? 'met' : 'NOT MET'
}

function hours(ms: number): string {
  return `${Math.floor(ms / 3_600_000)} h ${Math.round((ms % 3_600_000) / 1000)} s`
}

interface Started {
  child: ChildProcess
}

/** Forks a process of this folder and resolves with its first message. */
function start<Message>(file: string, say?: object): Promise<Message & Started> {
  const child = fork(new URL(file, import.meta.url), { execArgv: ['--import', 'tsx'] })
  children.push(child)
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve({ ...(message as Message), child }))
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)))
    if (say) child.send(say)
  })
}

async function readRows(target: Target): Promise<StockRow[]> {
  const { items } = (await exchange(askStock(target), target)) as { items: StockRow[] }
  return items
}

/** The floor must answer what the simulator answers, or the ratio says nothing. */
async function refuseUnlikeAnswers(floor: Target, simulator: Target): Promise<void> {
  for (const ask of [askStock, (target: Target) => askOrder(target, 0, Date.now())]) {
    const [wanted, given] = [
      await exchange(ask(simulator), simulator),
      await exchange(ask(floor), floor),
    ]
    const difference = differenceInShape(wanted, given)
    if (difference !== undefined) {
      throw new Error(`The floor answers in another shape than the simulator: ${difference}`)
    }
  }
}

/** Sends the very bytes of the bench once, and reads the answer. */
async function exchange(request: Buffer, target: Target): Promise<unknown> {
  const [head = '', body] = request.toString('utf8').split('\r\n\r\n')
  const [first = '', ...lines] = head.split('\r\n')
  const [method = '', path = ''] = first.split(' ')
  const names = lines.map((line) => line.split(': ', 2) as [string, string])
  const headers = names.filter(([name]) => !['host', 'content-length'].includes(name))
  const answer = await fetch(`http://127.0.0.1:${target.port}${path}`, {
    method,
    headers,
    ...(body ? { body } : {}),
  })
  if (answer.status !== 200)
    throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}
