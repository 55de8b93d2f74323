import { type Finding, renderMet } from './finding.ts'
import type { Options } from './options.ts'
import { pace, percentileOf } from './pace.ts'
import { type Contender, requestsOf, startFloor, startSimulator } from './pair.ts'
import { type Question, questions } from './questions.ts'
import { fire, type Talk } from './raw-client.ts'
import { renderSpread, spreadOf } from './rounds.ts'

/** At most so many times the floor's. */
const timesTarget = 3
/** Of the rate that the slower of the two bears. */
const loadPart = 0.7
const connections = 32
const secondsOfRound = 2

/** p99 of simulator and floor at one offered rate, in turns. */
export async function findLatency(options: Options): Promise<Finding[]> {
  const { skus, orders, faults } = options.scale
  const simulator = await startSimulator({ skus, orders, faults }, options)
  const floor = await startFloor(simulator, orders)
  try {
    const findings: Finding[] = []
    for (const question of questions.filter(({ calls }) => calls === 1)) {
      findings.push(await findOne(question, floor, simulator, options))
    }
    return findings
  } finally {
    await Promise.all([simulator.child.close(), floor.child.close()])
  }
}

async function findOne(
  question: Question,
  floor: Contender,
  simulator: Contender,
  { scale, isQuick }: Options,
): Promise<Finding> {
  const rates: number[] = []
  for (let round = 0; round < scale.warmUps; round += 1) {
    for (const target of [floor, simulator]) rates.push(await rateOf(question, target, scale.part))
  }
  // The last pair; what came before warmed both up.
  const ratePerSecond = Math.max(20, Math.floor(Math.min(...rates.slice(-2)) * loadPart))
  const seconds = isQuick ? 0.2 : secondsOfRound
  const p99Of = async (target: Contender) => {
    const requests = buffersOf(question, target, Math.ceil(ratePerSecond * seconds))
    const tookMs = await pace({
      port: target.port,
      requests,
      ratePerSecond,
      connections,
      statuses: [200],
      nowMs: () => performance.now(),
    })
    return percentileOf(tookMs, 0.99)
  }
  const floors: number[] = []
  const simulators: number[] = []
  for (let round = 0; round < scale.rounds; round += 1) {
    floors.push(await p99Of(floor))
    simulators.push(await p99Of(simulator))
  }
  const times = spreadOf(simulators.map((p99, round) => p99 / (floors[round] ?? p99)))
  const isMet = times.median <= timesTarget
  const [p99Ms, floorP99Ms] = [spreadOf(simulators), spreadOf(floors)]
  return {
    title: `p99 of ${question.title}, ${ratePerSecond} a second`,
    lines: [
      `floor            ${renderSpread(floorP99Ms, 2)} ms`,
      `simulator        ${renderSpread(p99Ms, 2)} ms`,
      `times the floor  ${renderSpread(times, 2)}, target ${timesTarget}: ${renderMet(isMet)}`,
    ],
    figures: { target: timesTarget, times, p99Ms, floorP99Ms, ratePerSecond },
    isMet,
  }
}

async function rateOf(question: Question, target: Contender, part: number): Promise<number> {
  const many = Math.max(connections, Math.round(question.requests * part))
  const requests = requestsOf(question, target, many)
  const begunMs = performance.now()
  await fire({ port: target.port, requests, connections, statuses: [200] })
  return (many * 1000) / (performance.now() - begunMs)
}

const buffersOf = (question: Question, target: Contender, many: number): Buffer[] =>
  requestsOf(question, target, many).filter((request: Buffer | Talk): request is Buffer =>
    Buffer.isBuffer(request),
  )
