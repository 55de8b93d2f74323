import { writeFileSync } from 'node:fs'
import { partners } from '../../simulators/index.ts'
import { createValueGatherer } from './gather-values.ts'
import { listScenarios, playScenario, readScenario } from './index.ts'
import { mergeShapes, openedAt, type Shape, shapeOf } from './shape.ts'
import { worldThings } from './vocabulary.ts'

// `npx tsx scenarios/engine/write-things.ts` after a partner or a shop shows something new; a test says when. Plays every scenario.

/** Bodies that anybody may send. What an expectation names of them must be there. */
const anybodys = [
  ...['answer', 'body', 'failures', 'headers', 'input', 'result', 'spec', 'values'].map(
    (key) => ['journal', 'data', key] as const,
  ),
  ['konnect shop.answer', 'body'],
]

const words = createValueGatherer(partners)
const seen: Record<string, Shape> = {}
const looked = (key: string, items: readonly unknown[]) => {
  // What the world keeps for everybody is told by the engine itself; bodies stand there, too.
  if (!Object.hasOwn(worldThings, key)) words.looked(key, items)
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
writeFileSync(new URL('../values.json', import.meta.url), renderLists(words.gathered()))

/** Indented, with a short list on one line, as the formatter of this project has it. */
function renderLists(value: object): string {
  const text = `${JSON.stringify(value, null, 2)}\n`
  return text.replaceAll(
    /^(.*)\[\n([^\]]*)\n\s*\](,?)$/gm,
    (all, lead: string, items: string, comma: string) => {
      const line = `${lead}[${items.trim().replaceAll(/\n\s+/g, ' ')}]`
      return line.length + comma.length <= 100 ? `${line}${comma}` : all
    },
  )
}
