import { createHash } from 'node:crypto'
import { listScenarios, playScenario, readScenario } from '../index.ts'

/** Plays every scenario once and prints, as JSON, a hash of each journal: for a second process in another place of the world. */
const hashes: Record<string, string> = {}
for (const { file } of listScenarios()) {
  for (const scenario of readScenario(file)) {
    const { journal } = await playScenario(scenario)
    hashes[scenario.title] = createHash('sha256').update(journal).digest('hex')
  }
}
process.stdout.write(JSON.stringify(hashes))
