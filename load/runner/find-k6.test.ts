import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { findK6, howToGetK6, k6Version } from './find-k6.ts'

const scratch = mkdtempSync(join(tmpdir(), 'find-k6-'))
afterAll(() => rmSync(scratch, { recursive: true }))

/** A folder with a program `name` in it that says `words`, as k6 and Go tell their versions. */
function folderWith(folder: string, name: string, words: string): string {
  const path = join(scratch, folder)
  mkdirSync(path, { recursive: true })
  writeFileSync(join(path, name), `#!/bin/sh\necho '${words}'\n`)
  chmodSync(join(path, name), 0o755)
  return path
}

const right = `k6 ${k6Version} (go1.25, linux/amd64)`

it('takes k6 from PATH only in the version that the scripts were tried with', () => {
  const old = folderWith('old', 'k6', 'k6 v0.50.0 (go1.21)')
  const good = folderWith('good', 'k6', right)
  const PATH = [old, good].join(':')
  expect(findK6({ top: join(scratch, 'none'), environment: { PATH } })).toBe(join(good, 'k6'))
})

it('prefers the one that was built here before', () => {
  const built = folderWith('checkout/.tools', 'k6', right)
  const good = folderWith('good', 'k6', right)
  const top = join(scratch, 'checkout')
  expect(findK6({ top, environment: { PATH: good } })).toBe(join(built, 'k6'))
})

it('takes the one that $K6 names, or none', () => {
  const named = join(folderWith('named', 'k6', 'anything'), 'k6')
  const good = folderWith('good', 'k6', right)
  const top = join(scratch, 'none')
  expect(findK6({ top, environment: { K6: named, PATH: good } })).toBe(named)
  expect(findK6({ top, environment: { K6: join(scratch, 'nope'), PATH: good } })).toBeUndefined()
})

it('finds none where there is no Go to build it with, and tells in two lines how to get it', () => {
  const empty = join(scratch, 'empty')
  expect(findK6({ top: empty, environment: { PATH: empty } })).toBeUndefined()
  expect(howToGetK6.split('\n')).toHaveLength(2)
})
