import { closeSync, existsSync, mkdirSync, openSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { CommandError } from '../command-error.ts'

/**
 * Makes the folder of a file that will be written at the end of a command, so that a path that cannot be is known before any work. Leaves no
 * file behind that was not there. Throws `CommandError` (2).
 */
export function checkWritable(file: string): void {
  try {
    makeFolder(dirname(file))
    const isNew = !existsSync(file)
    closeSync(openSync(file, 'a'))
    if (isNew) rmSync(file)
  } catch (error) {
    throw new CommandError(
      `Cannot write ${file}: ${error instanceof Error ? error.message : error}`,
      2,
    )
  }
}

/** Step by step: Node's own `recursive` never ends below /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  makeFolder(dirname(folder))
  mkdirSync(folder)
}
