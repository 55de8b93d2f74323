import type { Options } from './options.ts'
import { askStock, type Question, type Target } from './questions.ts'
import { fire, type RawAnswer, readJson, type Talk } from './raw-client.ts'
import { differenceInShape, type PairedResult, runPaired } from './rounds.ts'
import { type Child, startChild, type Usage } from './talk.ts'
import type { WorldWish } from './world-process.ts'

/** A server that can be asked. */
export interface Contender extends Target {
  child: Child
  /** What must be done before each round. */
  beforeRound?(): Promise<unknown>
}

/** One of which only answers can be had: its CPU time is told as 0. */
export type Asked = Target & Partial<Omit<Contender, keyof Target>>

const connections = 8
/** The gateway's answer to the button is a redirect. */
const statuses = [200, 303]

export async function startSimulator(
  wish: WorldWish,
  { profileFolder }: Pick<Options, 'profileFolder'>,
): Promise<Contender> {
  const profile = profileFolder ? ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`] : []
  const child = await startChild('./world-process.ts', profile)
  const target = await child.ask<Target>('open', wish)
  if (!wish.isJournalEmpty) return { ...target, child }
  return { ...target, child, beforeRound: () => child.ask('emptyJournal') }
}

/** Knows what the simulator knows, and has as many SKUs and orders. */
export async function startFloor(simulator: Contender, orders: number): Promise<Contender> {
  const skus = await simulator.child.ask<string[]>('catalogue')
  const stock = (await exchange({ ...simulator, skus: simulator.skus.slice(0, 1) }, (target) =>
    askStock(target, 0),
  )) as { items: object[] }
  const child = await startChild('./floor-process.ts')
  const { port } = await child.ask<{ port: number }>('open', { rows: stock.items, skus, orders })
  return { ...simulator, port, child }
}

/** Numbers go on from question to question: an order that is placed twice would be answered from memory. */
let number = 0

export function compare(
  question: Question,
  { floor, contender }: { floor: Asked; contender: Asked },
  { scale }: Pick<Options, 'scale'>,
): Promise<PairedResult> {
  const requests = Math.max(connections, Math.round(question.requests * scale.part))
  return runPaired({
    floor: contenderOf(question, floor, requests),
    contender: contenderOf(question, contender, requests),
    requests,
    rounds: scale.rounds,
    warmUps: scale.warmUps,
    nowMs: () => performance.now(),
  })
}

const contenderOf = (question: Question, target: Asked, requests: number) => ({
  async prepare() {
    await target.beforeRound?.()
    return requestsOf(question, target, requests)
  },
  run: (volley: readonly (Buffer | Talk)[]) =>
    fire({ port: target.port, requests: volley, connections, statuses }),
  cpuUs: async () => (await target.child?.ask<Usage>('usage'))?.cpuUs ?? 0,
})

export const requestsOf = (question: Question, target: Target, many: number): (Buffer | Talk)[] =>
  Array.from({ length: many }, () => {
    number += 1
    return question.ask(target, number, Date.now())
  })

/** The floor must answer what the simulator answers, or the ratio says nothing. Throws where it does not. */
export async function refuseUnlikeAnswers(
  { ask, title }: Question,
  floor: Contender,
  simulator: Contender,
): Promise<void> {
  number += 1
  const wanted = await exchange(simulator, (target) => ask(target, number, Date.now()))
  const given = await exchange(floor, (target) => ask(target, number, Date.now()))
  const difference = differenceInShape(wanted, given)
  if (difference !== undefined) {
    throw new Error(`${title}: the floor answers in another shape: ${difference}`)
  }
}

/** Far from the numbers of the rounds: looking at answers beside them leaves the rounds as they are. */
let asideNumber = 1_000_000_001

/** Asks once, beside the rounds. */
export async function askOnce(question: Question, target: Target): Promise<Exchange> {
  const request = question.ask(target, asideNumber, Date.now())
  asideNumber += 1
  if (!Buffer.isBuffer(request)) throw new Error(`${question.name} is no single call.`)
  return { request, answer: await exchange(target, () => request) }
}

export interface Exchange {
  request: Buffer
  answer: unknown
}

/** Sends the very bytes of the bench once, and reads the (last) answer. */
async function exchange<Each extends Target>(
  target: Each,
  ask: (target: Each) => Buffer | Talk,
): Promise<unknown> {
  const request = ask(target)
  let last: RawAnswer | undefined
  await fire({
    port: target.port,
    requests: [request],
    connections: 1,
    statuses,
    onAnswer: (answer) => {
      last = answer
    },
  })
  return last && readJson(last.bytes)
}
