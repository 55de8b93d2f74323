import { Command } from 'commander'
import { expect, it } from 'vitest'
import { verifyCommand } from './verify.ts'
import { checkForm, type Form } from './verify-forms.ts'

/** Whether these words go with the form; the environment has a secret. */
function check(form: Form, ...words: string[]): void {
  const command = new Command('verify').exitOverride()
  for (const option of verifyCommand().options) command.addOption(option)
  command.parse([`--${form}`, 'x', ...words], { from: 'user' })
  command.setOptionValueWithSource('secret', 'fake-secret', 'env')
  checkForm(form, command)
}

it.each([
  ['provider', ['--states', 'a.yaml'], '--states goes with --pact, not with --provider.'],
  ['provider', ['--seed', '2'], '--seed goes with --pact or --receiver, not with --provider.'],
  ['pact', ['--all'], '--all goes with --provider, not with --pact.'],
  ['pact', ['--set', 'a=1'], '--set goes with --receiver or --provider, not with --pact.'],
  ['receiver', ['--header', 'a=1'], '--header goes with --pact or --provider'],
  ['receiver', ['--publish', '1'], '--publish goes with --pact'],
  ['receiver', ['--credentials', 'a=1'], '--credentials goes with --provider'],
] as const)('--%s looks at no %j', (form, words, why) => {
  expect(() => check(form, ...words)).toThrow(why)
})

it.each([
  ['pact', ['--seed', '2', '--states', 'a.yaml', '--partner', 'fynd', '--junit', 'a.xml']],
  ['receiver', ['--seed', '2', '--set', 'a=1', '--place', 'a=1', '--secret', 'fake-one']],
  ['provider', ['--all', '--set', 'a=1', '--header', 'a=1', '--credentials', 'a=1']],
] as const)('--%s looks at %j, and minds no secret in the environment', (form, words) => {
  expect(() => check(form, ...words)).not.toThrow()
})
