import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { assignments, readAliases, readCredentials, readSelectors } from './verify-words.ts'

it('collects NAME=VALUE; a value may hold a "="', () => {
  const once = assignments('x-trace=a=b', {})
  expect(assignments('second = 2', once)).toEqual({ 'x-trace': 'a=b', second: '2' })
  expect(() => assignments('nothing', {})).toThrow('"nothing" is no NAME=VALUE.')
  expect(() => assignments('=value', {})).toThrow('is no NAME=VALUE.')
})

it('tells a partner for all from providers of another name', () => {
  expect(readAliases([])).toEqual({ aliases: {} })
  expect(readAliases(['fynd'])).toEqual({ aliases: {}, partner: 'fynd' })
  expect(readAliases(['GoFynd API=fynd', 'a=b=konnect'])).toEqual({
    aliases: { 'GoFynd API': 'fynd', 'a=b': 'konnect' },
  })
  expect(() => readAliases(['fynd', 'arvind'])).toThrow('name one')
})

it('reads credentials from words, a file and JSON; the later win', () => {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-words-'))
  const file = join(folder, 'fynd.json')
  writeFileSync(file, '{"token":"fake-1","secret":"fake-2"}')
  expect(readCredentials([file, 'token=fake-3'])).toEqual({ token: 'fake-3', secret: 'fake-2' })
  expect(readCredentials('{"token":"fake-4"}')).toEqual({ token: 'fake-4' })
  writeFileSync(file, '{"token":5}')
  expect(() => readCredentials([file])).toThrow(`${file}: an object of texts is wanted.`)
  expect(() => readCredentials(['{token'])).toThrow('the credentials is no JSON')
  expect(() => readCredentials(['gone.json'])).toThrow('NAME=VALUE or a JSON file')
  rmSync(folder, { recursive: true })
})

it('wants the latest pact of each consumer unless told otherwise', () => {
  expect(readSelectors([])).toEqual([{ latest: true }])
  expect(readSelectors(['{"mainBranch":true}'])).toEqual([{ mainBranch: true }])
  expect(() => readSelectors(['main'])).toThrow('--selector main is no JSON')
  expect(() => readSelectors(['[]'])).toThrow('write for example {"mainBranch":true}')
})
