import { expect, it } from 'vitest'
import { createRandom } from './random.ts'

it('gives the same draws for the same seed and name', () => {
  const draws = (seed: number) => {
    const stream = createRandom(seed).stream('ids/a')
    return Array.from({ length: 20 }, () => stream.next())
  }
  expect(draws(7)).toEqual(draws(7))
  expect(draws(7)).not.toEqual(draws(8))
})

it('lets no stream disturb another', () => {
  const alone = createRandom(7)
  const together = createRandom(7)
  together.stream('b').next()
  together.at('fault/x', 3)
  expect(together.stream('a').hex(16)).toBe(alone.stream('a').hex(16))
})

it('goes on where its positions say', () => {
  const first = createRandom(7)
  first.stream('a').hex(9)
  const second = createRandom(7)
  second.restore(first.positions())
  expect(second.stream('a').uuid()).toBe(first.stream('a').uuid())
})

it('spreads evenly: ten thousand dice show every face about as often', () => {
  const dice = createRandom(1).stream('dice')
  const faces = [0, 0, 0, 0, 0, 0]
  for (let roll = 0; roll < 10_000; roll += 1) {
    const face = dice.int(1, 6)
    faces[face - 1] = (faces[face - 1] ?? 0) + 1
  }
  for (const count of faces) expect(count).toBeGreaterThan(1_500)
})

it('writes ids in their shapes', () => {
  const stream = createRandom(1).stream('ids')
  expect(stream.hex(24)).toMatch(/^[0-9a-f]{24}$/)
  expect(stream.digits(10)).toMatch(/^\d{10}$/)
  expect(stream.uuid()).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  )
  for (const digits of [1, 2, 3, 11, 12, 13]) {
    expect(stream.hex(digits)).toMatch(new RegExp(`^[0-9a-f]{${digits}}$`))
  }
  expect(() => stream.pick([])).toThrow('Nothing to pick')
})
