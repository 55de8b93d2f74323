import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { checkWritable } from './check-writable.ts'

const scratch = mkdtempSync(join(tmpdir(), 'understudy-writable-'))
afterAll(() => rmSync(scratch, { recursive: true }))

it('makes the folder, and leaves the file as it was', () => {
  const file = join(scratch, 'a', 'b', 'out.xml')
  checkWritable(file)
  expect([existsSync(join(scratch, 'a', 'b')), existsSync(file)]).toEqual([true, false])
  writeFileSync(file, 'kept')
  checkWritable(file)
  expect(readFileSync(file, 'utf8')).toBe('kept')
})

it('refuses a path that cannot be made, and a folder, with 2', () => {
  const file = join(scratch, 'plain')
  writeFileSync(file, '')
  for (const path of ['/proc/nope/x.xml', '/proc/x.xml', join(file, 'x.xml'), scratch]) {
    expect(() => checkWritable(path), path).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringContaining('Cannot write') }),
    )
  }
})
