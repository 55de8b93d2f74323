import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { listScenarios } from './engine/index.ts'

const count = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index)

/** What the table of each partner's stories must hold, in this order, and how many stories there are at least. */
const tables: [partner: string, cases: string[], storiesMin: number][] = [
  [
    'fynd',
    [
      ...count(1, 24).map((number) => `fynd ${number}`),
      ...[...count(2, 10), ...count(12, 14)].map((number) => `shop ${number}`),
      'whole ways',
      'buttons',
    ],
    39,
  ],
  [
    'arvind',
    [...count(1, 28).map((number) => `arvind ${number}`), 'shop 1', 'shop 11', 'whole ways'],
    33,
  ],
  ['konnect', [...count(1, 22).map((number) => `konnect ${number}`), 'whole ways'], 26],
]

const all = listScenarios().map(({ file }) => file)

it.each(tables)(
  'gives every case that QA asks for at %s a file that exists, and every file a case',
  (partner, cases, storiesMin) => {
    const readme = readFileSync(new URL(`./${partner}/README.md`, import.meta.url), 'utf8')
    const rows = [...readme.matchAll(/^\| ([a-z][^|]*) \| [^|]+ \| (.+) \|$/gm)]
      .map(([, wanted = '', files = '']) => ({
        wanted,
        files: [...files.matchAll(/`([a-z0-9-]+)`/g)].map(([, name]) => name),
      }))
      .filter(({ wanted }) => wanted !== 'case')
    const names = all
      .filter((file) => file.includes(`/${partner}/`))
      .map((file) => basename(file, '.yaml'))
    expect(rows.map(({ wanted }) => wanted)).toEqual(cases)
    expect(rows.filter((row) => row.files.length === 0)).toEqual([])
    const named = new Set(rows.flatMap((row) => row.files))
    expect([...named].sort()).toEqual([...names].sort())
    expect(names.length).toBeGreaterThanOrEqual(storiesMin)
  },
)

it('uses every value of every variant, so that none is there for show', () => {
  const unused = all.flatMap((file) => {
    const text = readFileSync(file, 'utf8')
    const { variants = [] }: { variants?: object[] } = parse(text)
    return [...new Set(variants.flatMap((variant) => Object.keys(variant)))]
      .filter((key) => key !== 'name' && !text.includes(`\${variant.${key}`))
      .map((key) => `${basename(file)} ${key}`)
  })
  expect(unused).toEqual([])
})

it.each(tables)('asserts both sides in every story of %s', (partner) => {
  const oneSided = all
    .filter((file) => file.includes(`/${partner}/`))
    .filter((file) => {
      const { steps }: { steps: { expect?: object }[] } = parse(readFileSync(file, 'utf8'))
      const kinds = steps.flatMap((step) => Object.keys(step.expect ?? {}))
      return !['shop', partner].every((side) => kinds.some((kind) => kind.startsWith(`${side}.`)))
    })
  expect(oneSided.map((file) => basename(file))).toEqual([])
})
