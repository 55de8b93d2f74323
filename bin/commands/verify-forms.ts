import type { Command } from 'commander'
import { CommandError } from '../command-error.ts'

export type Form = 'pact' | 'receiver' | 'provider'

/** Options that only some forms look at, by their attribute name; all others go with each. */
const formsOf: Readonly<Record<string, readonly Form[]>> = {
  seed: ['pact', 'receiver'],
  set: ['receiver', 'provider'],
  header: ['pact', 'provider'],
  keepCredentials: ['pact'],
  states: ['pact'],
  catalogue: ['pact'],
  selector: ['pact'],
  pending: ['pact'],
  publish: ['pact'],
  branch: ['pact'],
  tag: ['pact'],
  buildUrl: ['pact'],
  broker: ['pact'],
  brokerToken: ['pact'],
  brokerUsername: ['pact'],
  brokerPassword: ['pact'],
  secret: ['receiver'],
  place: ['receiver'],
  credentials: ['provider'],
  all: ['provider'],
}

/**
 * Throws `CommandError` for an option that was typed and that this form would not look at. What stands in the environment may be there
 * for another command.
 */
export function checkForm(form: Form, command: Command): void {
  for (const option of command.options) {
    const forms = formsOf[option.attributeName()]
    if (!forms || forms.includes(form)) continue
    if (command.getOptionValueSource(option.attributeName()) === 'cli') {
      const right = forms.map((each) => `--${each}`).join(' or ')
      throw new CommandError(`${option.long} goes with ${right}, not with --${form}.`, 2)
    }
  }
}
