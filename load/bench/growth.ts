import { type Finding, renderMet } from './finding.ts'
import type { Options, Scale } from './options.ts'
import { compare, startSimulator } from './pair.ts'
import { type Question, questions } from './questions.ts'
import { renderSpread, spreadOf } from './rounds.ts'
import type { WorldWish } from './world-process.ts'

/** Of the rate in a small world (issue: rates fall by less than 10 %). */
const ratioTarget = 0.9

/** What grows, from what to what. */
function growths({ skus, orders, faults }: Scale): Record<string, [WorldWish, WorldWish]> {
  const small = { skus: Math.min(1_000, skus), orders: 0, faults: 0 }
  return {
    SKUs: [small, { ...small, skus }],
    orders: [small, { ...small, orders: orders * 10 }],
    'faults that do not match': [small, { ...small, faults }],
    'journal entries': [
      { ...small, isJournalEmpty: true },
      { ...small, isJournalFull: true },
    ],
  }
}

/** A large world beside a small one, asked the same questions in turns. */
export async function findGrowth(options: Options): Promise<Finding[]> {
  const findings: Finding[] = []
  const asked = questions.filter(({ calls }) => calls === 1)
  for (const [what, [small, large]] of Object.entries(growths(options.scale))) {
    const floor = await startSimulator(small, options)
    const contender = await startSimulator(large, options)
    try {
      for (const question of asked) {
        findings.push(
          findOne(what, question, await compare(question, { floor, contender }, options)),
        )
      }
    } finally {
      await Promise.all([floor.child.close(), contender.child.close()])
    }
  }
  return findings
}

function findOne(
  what: string,
  { title }: Question,
  result: Awaited<ReturnType<typeof compare>>,
): Finding {
  const ratio = spreadOf(result.ratios)
  const [cpuUs, smallCpuUs] = [spreadOf(result.cpuUs), spreadOf(result.floorCpuUs)]
  const isMet = ratio.median >= ratioTarget
  return {
    title: `more ${what}: ${title}`,
    lines: [
      `of the small     ${renderSpread(ratio, 2)}, target ${ratioTarget}: ${renderMet(isMet)}`,
      `CPU of one       ${renderSpread(cpuUs, 0)} µs, small ${renderSpread(smallCpuUs, 0)} µs`,
    ],
    figures: { target: ratioTarget, ratio, cpuUs, smallCpuUs },
    isMet,
  }
}
