import type { Finding } from './finding.ts'
import type { Options } from './options.ts'
import { renderSpread, spreadOf } from './rounds.ts'
import type { Played } from './suite-process.ts'
import { startChild } from './talk.ts'

const rounds = 3
const quickScenarios = 20

/** (h) Simulated hours a second while every scenario plays once with the reference client, in-process. */
export async function findSuite({ isQuick }: Options): Promise<Finding[]> {
  const child = await startChild('./suite-process.ts')
  try {
    const most = isQuick ? quickScenarios : Number.MAX_SAFE_INTEGER
    const played: Played[] = []
    for (let round = 0; round < (isQuick ? 1 : rounds); round += 1) {
      played.push(await child.ask<Played>('play', { most }))
    }
    const [first] = played
    const hoursPerSecond = spreadOf(
      played.map(({ simulatedMs, wallMs }) => simulatedMs / 3_600_000 / (wallMs / 1_000)),
    )
    const wallSeconds = spreadOf(played.map(({ wallMs }) => wallMs / 1_000))
    const hours = (first?.simulatedMs ?? 0) / 3_600_000
    const red = first?.red ?? []
    return [
      {
        title: `the suite, ${first?.scenarios ?? 0} plays`,
        lines: [
          `simulated        ${hours.toFixed(1)} hours`,
          `wall             ${renderSpread(wallSeconds, 1)} s`,
          `hours a second   ${renderSpread(hoursPerSecond, 1)}`,
          ...(red.length > 0 ? [`red              ${red.join(', ')}`] : []),
        ],
        figures: { plays: first?.scenarios ?? 0, hours, wallSeconds, hoursPerSecond, red },
        // There is no target; a red scenario says that something else is wrong.
        isMet: red.length === 0,
      },
    ]
  } finally {
    await child.close()
  }
}
