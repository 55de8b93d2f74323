import { mkdir, writeFile } from 'node:fs/promises'
import { findClient } from './client.ts'
import type { Finding } from './finding.ts'
import { findRatio } from './finding.ts'
import { findGrowth } from './growth.ts'
import { findLadder } from './ladder.ts'
import { findLatency } from './latency.ts'
import { findMemory } from './memory.ts'
import { type Options, readOptions } from './options.ts'
import { type Contender, compare, refuseUnlikeAnswers, startFloor, startSimulator } from './pair.ts'
import { findPeers } from './peers/find-peers.ts'
import { isPeerQuestion } from './peers/peer.ts'
import { questions } from './questions.ts'
import { findStartUp } from './start-up.ts'
import { findSuite } from './suite.ts'
import { findWebhooks } from './webhooks.ts'
import { findWorlds } from './worlds.ts'

/** `npm run bench -- [QUESTION…] [--tell] [--quick] [--profile] [--peers]`; see load/README.md. */
const resultFile = 'out/bench.json'

type Ask = (options: Options) => Promise<Finding[]>

const others: Record<string, Ask> = {
  webhooks: findWebhooks,
  worlds: findWorlds,
  suite: findSuite,
  startup: findStartUp,
  ladder: async () => [await findLadder()],
  latency: findLatency,
  growth: findGrowth,
  memory: findMemory,
  client: findClient,
}

const known = [...questions.map(({ name }) => name), ...Object.keys(others)]

try {
  process.exitCode = await bench(readOptions(process.argv.slice(2), known))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
}

async function bench(options: Options): Promise<number> {
  const found: Record<string, Finding[]> = {}
  const tell = (name: string, findings: Finding[]) => {
    found[name] = findings
    for (const finding of findings) print(name, finding)
  }
  console.log(`median (min to max) of ${options.scale.rounds} rounds\n`)
  await askPaired(options, tell)
  for (const [name, ask] of Object.entries(others)) {
    if (options.questions.includes(name)) tell(name, await ask(options))
  }
  await write(found, options)
  const isMet = Object.values(found).every((findings) => findings.every(({ isMet }) => isMet))
  return isMet || options.isTold ? 0 : 1
}

/** The questions that one simulator and one floor are asked. */
async function askPaired(
  options: Options,
  tell: (name: string, findings: Finding[]) => void,
): Promise<void> {
  const asked = questions.filter(({ name }) => options.questions.includes(name))
  if (asked.length === 0) return
  const { skus, orders, faults } = options.scale
  const contenders: Contender[] = []
  try {
    const simulator = await startSimulator({ skus, orders, faults }, options)
    contenders.push(simulator)
    const floor = await startFloor(simulator, orders)
    contenders.push(floor)
    for (const question of asked) {
      await refuseUnlikeAnswers(question, floor, simulator)
      const result = await compare(question, { floor, contender: simulator }, options)
      const findings = [findRatio(question, result)]
      if (options.isWithPeers && isPeerQuestion(question.name)) {
        const pair = { simulator, floor, result }
        findings.push(await findPeers(question, question.name, pair, options))
      }
      tell(question.name, findings)
    }
  } finally {
    await Promise.all(contenders.map(({ child }) => child.close()))
  }
}

function print(name: string, { title, lines }: Finding): void {
  console.log(`${name}: ${title}`)
  for (const line of lines) console.log(`  ${line}`)
  console.log('')
}

async function write(found: Record<string, Finding[]>, { scale, isQuick }: Options): Promise<void> {
  const results = Object.fromEntries(
    Object.entries(found).map(([name, findings]) => [
      name,
      findings.map(({ title, figures, isMet }) => ({ title, isMet, ...figures })),
    ]),
  )
  const { node } = process.versions
  await mkdir('out', { recursive: true })
  await writeFile(
    resultFile,
    `${JSON.stringify({ at: new Date(Date.now()).toISOString(), node, isQuick, scale, results }, null, 1)}\n`,
  )
  console.log(`figures: ${resultFile}`)
}
