import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import type { StateMeanings } from '../../contracts/provider/provider-states.ts'
import { CommandError } from '../command-error.ts'

const meaningsShape = z.record(
  z.string(),
  z.array(z.record(z.string(), z.looseObject({}).nullable())).nullable(),
)

/**
 * A file of provider states: each sentence with the acts that bring it about, `- fynd.stock.set: { sku: TEE-M }`, in YAML or JSON.
 * Throws `CommandError` naming the sentence that is wrong.
 */
export function readStates(file: string): StateMeanings {
  let written: unknown
  try {
    written = parse(readFileSync(file, 'utf8'))
  } catch (error) {
    const why = error instanceof Error ? error.message : error
    throw new CommandError(`Cannot read the states ${file}: ${why}`, 2)
  }
  const { success, data, error } = meaningsShape.safeParse(written ?? {})
  if (!success) {
    const where = error.issues.map(({ path }) => path.join(' › ')).join('; ')
    const form = 'a sentence: [{ fynd.stock.set: { sku: TEE-M } }]'
    throw new CommandError(`${file}: ${where || 'the file'}: write for example ${form}`, 2)
  }
  return Object.fromEntries(
    Object.entries(data).map(([sentence, acts]) => [
      sentence,
      (acts ?? []).flatMap((act) =>
        Object.entries(act).map(([name, input]) => [name, input ?? {}] as const),
      ),
    ]),
  )
}
