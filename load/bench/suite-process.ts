import { listScenarios, playScenario, readScenario } from '../../scenarios/engine/index.ts'
import { answerAsks } from './talk.ts'

export interface Played {
  scenarios: number
  wallMs: number
  simulatedMs: number
  red: string[]
}

const scenarios = listScenarios().flatMap(({ file }) => readScenario(file))

/** Plays every scenario (the first `most` of them) once, in-process, on the virtual clock. */
async function play({ most }: { most: number }): Promise<Played> {
  const begunMs = performance.now()
  let simulatedMs = 0
  const red: string[] = []
  const meant = scenarios.slice(0, most)
  for (const scenario of meant) {
    const { counts, title, outcome } = await playScenario(scenario)
    simulatedMs += counts.simulatedMs
    if (outcome === 'red') red.push(title)
  }
  return { scenarios: meant.length, wallMs: performance.now() - begunMs, simulatedMs, red }
}

answerAsks({ play })
