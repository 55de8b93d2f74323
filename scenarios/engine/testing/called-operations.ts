import { listScenarios, playScenario, readScenario } from '../index.ts'

/**
 * Plays every scenario once and prints, as JSON, which operations of which partner the shop called: for `npm run contracts`, which wants an
 * interaction for each.
 */
const called: Record<string, Record<string, number>> = {}
const red: string[] = []
for (const { file } of listScenarios()) {
  for (const scenario of readScenario(file)) {
    const { outcome } = await playScenario(scenario, { inspect: ({ world }) => gather(world) })
    if (outcome === 'red') red.push(scenario.title)
  }
}
process.stdout.write(JSON.stringify({ called, red }))

type Inspect = NonNullable<NonNullable<Parameters<typeof playScenario>[1]>['inspect']>

function gather(world: Parameters<Inspect>[0]['world']): void {
  for (const { data } of world.journal({ kind: 'request' })) {
    const { partner, operation } = data
    if (typeof partner !== 'string' || typeof operation !== 'string') continue
    const counts = called[partner] ?? {}
    counts[operation] = (counts[operation] ?? 0) + 1
    called[partner] = counts
  }
}
