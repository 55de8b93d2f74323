import { expect, test } from 'vitest'
import { openStorage, StorageDead } from './storage.ts'

const put = (storage: ReturnType<typeof openStorage>, name: string) =>
  storage.transaction(`put-${name}`, () =>
    storage.run('INSERT INTO facts (name, value) VALUES (?, ?)', name, 'x'),
  )
const names = (storage: ReturnType<typeof openStorage>) =>
  storage.all<{ name: string }>('SELECT name FROM facts ORDER BY name').map((row) => row.name)

test('a transaction is all or nothing, and its commits are counted by name', () => {
  const commits: string[] = []
  const storage = openStorage({
    file: ':memory:',
    onCommit: ({ number, name }) => commits.push(`${number} ${name}`),
  })
  put(storage, 'a')
  expect(() =>
    storage.transaction('broken', () => {
      storage.run('INSERT INTO facts (name, value) VALUES (?, ?)', 'b', 'x')
      throw new Error('no')
    }),
  ).toThrow('no')
  put(storage, 'c')
  expect(names(storage)).toEqual(['a', 'c'])
  expect(commits).toEqual(['1 put-a', '2 put-c'])
})

test('refuses a write outside a transaction and one inside another', () => {
  const storage = openStorage({ file: ':memory:' })
  expect(() => storage.run('DELETE FROM facts')).toThrow('outside a transaction')
  expect(() => storage.transaction('outer', () => put(storage, 'a'))).toThrow('inside another')
  put(storage, 'b')
  expect(names(storage)).toEqual(['b'])
})

test('a hook that throws kills the storage for good', () => {
  const storage = openStorage({
    file: ':memory:',
    onCommit: ({ number }) => {
      if (number === 2) throw new Error('power cut')
    },
  })
  put(storage, 'a')
  expect(() => put(storage, 'b')).toThrow(StorageDead)
  expect(() => put(storage, 'c')).toThrow(StorageDead)
  expect(() => names(storage)).toThrow(StorageDead)
  expect(storage.isDead()).toBe(true)
})
