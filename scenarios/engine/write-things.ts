import { writeFileSync } from 'node:fs'
import { listScenarios, playScenario, readScenario } from './index.ts'
import { mergeShapes, openedAt, type Shape, shapeOf } from './shape.ts'

// `npx tsx scenarios/engine/write-things.ts` after a partner or a shop shows something new; a test says when. Plays every scenario.

/** Bodies that anybody may send. What an expectation names of them must be there. */
const anybodys = [
  ...['answer', 'body', 'failures', 'headers', 'input', 'result', 'spec', 'values'].map(
    (key) => ['journal', 'data', key] as const,
  ),
  ['konnect shop.answer', 'body'],
]

const seen: Record<string, Shape> = {}
const looked = (key: string, items: readonly unknown[]) => {
  seen[key] = mergeShapes([seen[key] ?? 'unknown', ...items.map(shapeOf)])
}
for (const { file } of listScenarios()) {
  for (const scenario of readScenario(file)) {
    const { failure } = await playScenario(scenario, { looked })
    if (failure) console.error(`${scenario.title}: ${failure.lines.join(' ')}`)
  }
}
const shapes = anybodys.reduce<Shape>(openedAt, mergeShapes([seen]))
writeFileSync(new URL('../things.json', import.meta.url), `${JSON.stringify(shapes, null, 2)}\n`)
