import { Command } from 'commander'
import { suggest } from '../../scenarios/engine/suggest.ts'
import { parseAssignments, type ValueSchema } from '../arguments.ts'
import { CommandError } from '../command-error.ts'
import { type ControlTarget, createControlClient, targetOptions } from '../control-client.ts'

interface ListedActs {
  acts: { name: string; input: ValueSchema }[]
}

export function doCommand(): Command {
  const command = new Command('do')
    .summary('let something happen on a partner’s own side')
    .description(
      'Does an act in a running world and prints what it answers. Values are JSON where they parse; dotted keys nest.',
    )
    .argument('<act>', 'name of the act; see: understudy list acts')
    .argument('[key=value...]', 'its input')
    .addHelpText(
      'after',
      '\nExample:\n  understudy do fynd.stock.set sku=TEE-M store=BLR-01 quantity=5',
    )
    .action(async (act: string, words: string[], target: ControlTarget) => {
      const control = createControlClient(target)
      const { acts } = await control.get<ListedActs>('/acts')
      const known = acts.find(({ name }) => name === act)
      if (!known) {
        const names = acts.map(({ name }) => name)
        throw new CommandError(
          `Unknown act "${act}". ${suggest(act, names, 'see understudy list acts')}`,
          2,
        )
      }
      const input = parseAssignments(words, known.input)
      const done = await control.post<{ result: unknown }>(
        `/acts/${encodeURIComponent(act)}`,
        input,
      )
      console.log(done.result === null ? `${act}: done` : JSON.stringify(done.result, null, 2))
    })
  for (const option of targetOptions()) command.addOption(option)
  return command
}
