import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where the scenarios of this project lie, as a person in the current folder calls it. */
export function scenariosFolder(): string {
  const folder = fileURLToPath(new URL('../scenarios', import.meta.url))
  const near = relative(process.cwd(), folder)
  return near !== '' && !near.startsWith('..') ? near : folder
}
