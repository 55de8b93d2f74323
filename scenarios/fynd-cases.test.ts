import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { listScenarios } from './engine/index.ts'

const readme = readFileSync(new URL('./fynd/README.md', import.meta.url), 'utf8')

const rows = [...readme.matchAll(/^\| ([a-z][^|]*) \| [^|]+ \| (.+) \|$/gm)]
  .map(([, wanted = '', files = '']) => ({
    wanted,
    files: [...files.matchAll(/`([a-z0-9-]+)`/g)].map(([, name]) => name),
  }))
  .filter(({ wanted }) => wanted !== 'case')

const files = listScenarios()
  .map(({ file }) => file)
  .filter((file) => file.includes('/fynd/'))
const names = files.map((file) => basename(file, '.yaml'))

const count = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index)

it('gives every case that QA asks for a file that exists, and every file a case', () => {
  expect(rows.map(({ wanted }) => wanted)).toEqual([
    ...count(1, 24).map((number) => `fynd ${number}`),
    ...[...count(2, 10), ...count(12, 14)].map((number) => `shop ${number}`),
    'whole ways',
    'buttons',
  ])
  expect(rows.filter((row) => row.files.length === 0)).toEqual([])
  const named = new Set(rows.flatMap((row) => row.files))
  expect([...named].sort()).toEqual([...names].sort())
  expect(names.length).toBeGreaterThanOrEqual(39)
})

it('uses every value of every variant, so that none is there for show', () => {
  const unused = files.flatMap((file) => {
    const text = readFileSync(file, 'utf8')
    const { variants = [] }: { variants?: object[] } = parse(text)
    return [...new Set(variants.flatMap((variant) => Object.keys(variant)))]
      .filter((key) => key !== 'name' && !text.includes(`\${variant.${key}`))
      .map((key) => `${basename(file)} ${key}`)
  })
  expect(unused).toEqual([])
})
