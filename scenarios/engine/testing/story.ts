import { vocabulary } from '../index.ts'
import { parseScenario, type Scenario } from '../load.ts'

const head = 'name: story\nabout: A story for a test.\nshop: fynd\n'

/** A scenario from the lines of its steps (and keys before them); throws `BadScenario`. Lines are counted from 4. */
export function story(text: string): Scenario {
  const [first] = stories(text)
  if (!first) throw new Error('There is no scenario.')
  return first
}

export const stories = (text: string): Scenario[] =>
  parseScenario('story.yaml', `${head}${text}`, vocabulary())

/** The one message of a scenario that cannot be played as written. */
export function problemOf(text: string, whole = false): string {
  try {
    parseScenario('story.yaml', whole ? text : `${head}${text}`, vocabulary())
  } catch (error) {
    if (error instanceof Error && error.name === 'BadScenario') return error.message
    throw error
  }
  return 'nothing is wrong'
}
