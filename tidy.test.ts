import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { expect, it } from 'vitest'
import { type Breach, rules, type TidyFile } from './tidy.ts'
import { readCode, readImports } from './tidy-code.ts'

const top = new URL('.', import.meta.url)

/** What is tracked and what is about to be; files that git ignores are nobody's business. */
const files: TidyFile[] = execFileSync(
  'git',
  ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
  { cwd: top, encoding: 'utf8' },
)
  .split('\0')
  .filter((path) => path !== '' && existsSync(new URL(path, top)))
  .filter((path) => statSync(new URL(path, top)).isFile())
  .map((path) => ({ path, text: readFileSync(new URL(path, top), 'utf8') }))

const told = (file: TidyFile, breaches: Breach[]): string[] =>
  breaches.map(({ line, what }) => `${file.path}:${line} ${what}`)

it.each(rules.map((rule) => [rule.name, rule] as const))('%s holds in every file', (_, rule) => {
  expect(
    files.flatMap((file) => told(file, rule.check(file))),
    rule.about,
  ).toEqual([])
})

it.each(
  rules.flatMap((rule) => rule.planted.map((file, at) => [rule.name, at + 1, file, rule] as const)),
)('%s notices planted breach %i', (_name, _at, file, rule) => {
  expect(rule.check(file), `${file.path}\n${file.text}`).not.toEqual([])
})

it.each(
  rules.flatMap((rule) => rule.fine.map((file, at) => [rule.name, at + 1, file, rule] as const)),
)('%s lets the look-alike %i pass', (_name, _at, file, rule) => {
  expect(told(file, rule.check(file))).toEqual([])
})

it('finds the files of the house', () => {
  const paths = files.map(({ path }) => path)
  expect(paths).toEqual(expect.arrayContaining(['package.json', 'README.md', '.ci/run', 'tidy.ts']))
})

it.each([
  ["'a // b' + c", 'a // b', true],
  ['const a = /["\'`]/; Date.now()', 'Date.now()', false],
  ['`$' + '{ {a: `$' + '{Date.now()}`} } text`', 'Date.now()', false],
  ['`text Date.now() $' + '{1}`', 'Date.now()', true],
  ['a / b; c / Date.now() / d', 'Date.now()', false],
  ['// it\'s\nDate.now() // "', 'Date.now()', false],
  ["'it\\'s Date.now()'", 'Date.now()', true],
  ['/* ` */ Date.now()', 'Date.now()', false],
])('reads %j', (source, word, isText) => {
  const { bare } = readCode(source)
  expect(bare).toHaveLength(source.length)
  expect(bare.includes(word)).toBe(!isText)
})

it('reads imports of every form, with their lines', () => {
  const text = [
    "import a from './a.ts'",
    'import type {',
    '  B,',
    "} from './b.ts'",
    "export * from './c.ts'; import './d.ts'",
    "const e = await import('./e.ts')",
    "// import './no.ts'",
    'const no = "import x from \'./no.ts\'"',
  ].join('\n')
  expect(
    readImports(readCode(text))
      .map(({ from, line }) => `${line} ${from}`)
      .sort(),
  ).toEqual(['1 ./a.ts', '4 ./b.ts', '5 ./c.ts', '5 ./d.ts', '6 ./e.ts'])
})
