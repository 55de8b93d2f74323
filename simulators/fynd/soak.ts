import fc from 'fast-check'
import { drawSeed } from '../core/random.ts'
import { playStory, type Step, stories } from './testing/stories.ts'

/**
 * `npm run soak [operations] [seed]`: random stories, each in a world of its own, until so many operations were done. Prints the count;
 * ends with 1 and the shortest story that breaks a law. The same seed plays the same stories.
 */
async function soak(operationsMin: number, seed: number): Promise<void> {
  let operations = 0
  let played = 0
  for (let batch = 0; operations < operationsMin; batch += 1) {
    const property = fc.asyncProperty(stories, fc.nat(1_000_000), async (story, worldSeed) => {
      await playStory(story, worldSeed, checkEvery)
      operations += story.length
      played += 1
    })
    const result = await fc.check(property, { numRuns: batchSize, seed: seed + batch })
    if (result.failed) {
      report(result.counterexample, result.errorInstance, seed + batch)
      return
    }
    if (batch % 10 === 9)
      console.log(`… ${count(operations)} operations in ${count(played)} stories`)
  }
  console.log(
    `fynd: ${count(operations)} random operations in ${count(played)} stories (seed ${seed}): every law held.`,
  )
}

/** Steps from one look at the whole world to the next; the end of a story is always looked at. */
const checkEvery = 10
const batchSize = 50

/** 100,000 with its comma, in every language. */
const count = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',')

function report(
  counterexample: [readonly Step[], number] | null,
  why: unknown,
  seed: number,
): void {
  const [story = [], worldSeed] = counterexample ?? []
  console.error(`fynd: a law is broken (batch seed ${seed}, world seed ${worldSeed}).`)
  for (const step of story) console.error(`  ${String(step)}`)
  console.error(why)
  process.exitCode = 1
}

const [operations = '100000', seed] = process.argv.slice(2)
void soak(Number(operations), seed === undefined ? drawSeed() : Number(seed))
