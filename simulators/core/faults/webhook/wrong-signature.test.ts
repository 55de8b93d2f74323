import { expect, test } from 'vitest'
import { planned } from './planned.ts'
import { wrongSignature } from './wrong-signature.ts'

const applied = (given: object) =>
  wrongSignature
    .apply([planned()], {
      options: wrongSignature.options.parse(given),
      draw: 0,
      nowMs: 0,
      memory: {},
      held: [],
      names: {},
    })
    .map(({ wrongSignatures }) => wrongSignatures)

test('spoils the first attempt, so that a retry is signed well', () => {
  expect(applied({})).toEqual([1])
})

test('spoils as many as it was told, or all', () => {
  expect(applied({ attempts: 3 })).toEqual([3])
  expect(applied({ attempts: 'all' })[0]).toBeGreaterThan(20)
})
