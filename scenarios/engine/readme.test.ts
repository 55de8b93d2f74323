import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { operators } from './difference.ts'
import { playScenario, vocabulary } from './index.ts'
import { parseScenario } from './load.ts'
import { scenarioSchema, verbsOf } from './schema.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const words = vocabulary()

it('opens with a story that is green as it stands', async () => {
  const text = /```yaml\n(name:[\s\S]*?)```/.exec(readme)?.[1] ?? ''
  const [scenario] = parseScenario('README.md', text, words)
  if (!scenario) throw new Error('There is no story.')
  expect((await playScenario(scenario)).failure).toBeUndefined()
})

it.each([
  ['every key', Object.keys(scenarioSchema(words).shape)],
  ['every shop action', Object.keys(words.actions)],
  ['everything of the shop to look at', Object.keys(words.shopThings)],
  [
    'everything of the partners to look at',
    words.partners.flatMap(({ name, things }) => things.map((thing) => `${name}.${thing}`)),
  ],
  ['every comparison', operators],
  [
    'every word of the engine',
    verbsOf({
      fault: 1,
      disarm: 1,
      clock: 1,
      settle: 1,
      expect: 1,
      together: 1,
      start: 1,
      finish: 1,
      await: 1,
    }),
  ],
])('names %s', (_, names) => {
  const missing = names.filter(
    (name) => !new RegExp(`(?<![\\w.-])${name.replaceAll('.', '\\.')}(?![\\w-])`).test(readme),
  )
  expect(missing).toEqual([])
})
