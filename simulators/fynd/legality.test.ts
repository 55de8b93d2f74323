import fc from 'fast-check'
import { test } from 'vitest'
import { playStory, stories } from './testing/stories.ts'

test('whatever happens: stock conserved, no illegal transition, no bug, the same world on replay', async () => {
  await fc.assert(
    fc.asyncProperty(stories, fc.nat(1_000), (story, seed) => playStory(story, seed, 1)),
    { numRuns: 60 },
  )
}, 120_000)
