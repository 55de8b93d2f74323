import { readFileSync } from 'node:fs'
import { BadInput } from '../simulators/core/bad-input.ts'
import { type OwnCatalogue, parseOwnCatalogue } from '../simulators/core/own-catalogue.ts'
import { CommandError } from './command-error.ts'

/** The help text of `--catalogue`, the same for every command that has it. */
export const catalogueHelp =
  'your own stores, SKUs and pincodes: CSV or JSON with sku, item, size, price, store, quantity, returnable, city; pincode, deliverable, cod, reverse, city'

/** Reads `--catalogue FILE`. Throws `CommandError` that names row and column. */
export function readCatalogue(file: string): OwnCatalogue {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new CommandError(`Cannot read the catalogue ${file}: ${why}`, 2)
  }
  try {
    return parseOwnCatalogue(text, file)
  } catch (error) {
    if (error instanceof BadInput) throw new CommandError(error.message, 2)
    throw error
  }
}
