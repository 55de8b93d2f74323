import { expect, it } from 'vitest'
import { isSameSecret } from './same-secret.ts'

it.each([
  ['secret', 'secret', true],
  ['sécret', 'sécret', true],
  ['', '', true],
  ['secret', 'secreT', false],
  ['secret', 'secret ', false],
  ['', 'secret', false],
])('%j given for %j: %s', (given, right, wanted) => {
  expect(isSameSecret(given, right)).toBe(wanted)
})
