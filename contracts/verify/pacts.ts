import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { CannotVerify, sayError } from './check.ts'

/** A pact file of any version (2, 3, 4), as far as a verification must know it. */
export interface Pact {
  file: string
  consumer: string
  provider: string
  interactions: number
  /** The bytes as they are. */
  text: string
}

/** The pact of a file, or all pacts that lie in a folder. Throws `CannotVerify` naming what is no pact. */
export function readPacts(path: string): Pact[] {
  try {
    if (!statSync(path).isDirectory()) return [readPact(path)]
    return readdirSync(path)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => readPact(join(path, name)))
  } catch (error) {
    if (error instanceof CannotVerify) throw error
    throw new CannotVerify(`Cannot read ${path}: ${sayError(error)}`)
  }
}

function readPact(file: string): Pact {
  const text = readFileSync(file, 'utf8')
  const { consumer, provider, interactions } = parse(file, text)
  if (typeof consumer?.name !== 'string' || typeof provider?.name !== 'string') {
    throw new CannotVerify(`${file} is no pact: it names no consumer and provider.`)
  }
  return {
    file,
    consumer: consumer.name,
    provider: provider.name,
    interactions: Array.isArray(interactions) ? interactions.length : 0,
    text,
  }
}

interface Written {
  consumer?: { name?: unknown }
  provider?: { name?: unknown }
  interactions?: unknown
}

function parse(file: string, text: string): Written {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : {}
  } catch (error) {
    throw new CannotVerify(`${file} is no pact: ${sayError(error)}`)
  }
}
