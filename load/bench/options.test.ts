import { expect, it } from 'vitest'
import { fullScale, quickScale, readOptions } from './options.ts'

const known = ['stock', 'order', 'worlds']

it('asks everything, in full and with targets that count, unless told otherwise', () => {
  expect(readOptions([], known)).toEqual({
    questions: known,
    scale: fullScale,
    isQuick: false,
    isTold: false,
    profileFolder: undefined,
    isWithPeers: false,
  })
})

it('asks the given questions in the order of the list', () => {
  expect(readOptions(['worlds', '--tell', 'stock'], known)).toMatchObject({
    questions: ['stock', 'worlds'],
    isTold: true,
  })
})

it('a quick run measures nothing, so it misses no target', () => {
  expect(readOptions(['--quick'], known)).toMatchObject({ scale: quickScale, isTold: true })
})

it('names what it knows when it is given something else', () => {
  expect(() => readOptions(['stok'], known)).toThrow(
    'Unknown question "stok". Known: stock, order, worlds.',
  )
  expect(() => readOptions(['--fast'], known)).toThrow('Unknown option --fast.')
})

it('asks peers only what they can answer', () => {
  expect(readOptions(['order', '--peers'], known)).toMatchObject({
    questions: ['order'],
    isWithPeers: true,
  })
  expect(() => readOptions(['worlds', '--peers'], known)).toThrow(
    'Peers answer none of these. They can be asked: stock, inventory, order.',
  )
})
