import { Command, Option } from 'commander'
import { unknownName } from '../../simulators/core/nearest.ts'
import { CommandError } from '../command-error.ts'
import { type ControlTarget, createControlClient, targetOptions } from '../control-client.ts'

interface Clock {
  mode: 'virtual' | 'real'
  now: string
  next_timer: string | null
  next_work: string | null
}

export function clockCommand(): Command {
  const advance = new Command('advance')
    .description('Moves time forward by a duration; all that is due on the way happens.')
    .argument('<duration>', '250ms, 10s, 15m, 1h30m, 3d')
    .action((duration: string, _, command: Command) => move(command, { advance: duration }))
  const set = new Command('set')
    .description('Moves time forward to a moment.')
    .argument('<moment>', 'for example 2026-01-05T18:00:00Z')
    .action((moment: string, _, command: Command) => move(command, { set: moment }))
  const settle = new Command('settle')
    .description('Moves time until no delivery, held answer or job is left.')
    .addOption(new Option('--for <duration>', 'at most this far'))
    .action((options: { for?: string }, command: Command) =>
      move(command, { settle: true, ...(options.for === undefined ? {} : { for: options.for }) }),
    )
  const clock = new Command('clock')
    .summary('read or move the clock of a running world')
    .description('Reads (without a word more) or moves the clock of a running world, forward only.')
    .argument('[words...]')
    .addHelpText('after', '\nExample:\n  understudy clock advance 3d')
    .action(async (words: string[], _, command: Command) => {
      const [unknown] = words
      if (unknown === undefined) await print(command)
      else throw new CommandError(unknownName('clock command', unknown, known), 2)
    })
  const known = [advance, set, settle].map((command) => command.name())
  for (const option of targetOptions()) clock.addOption(option)
  for (const command of [advance, set, settle]) clock.addCommand(command)
  return clock
}

async function print(command: Command): Promise<void> {
  console.log(
    render(
      await createControlClient(command.optsWithGlobals<ControlTarget>()).get<Clock>('/clock'),
    ),
  )
}

async function move(command: Command, wish: object): Promise<void> {
  const control = createControlClient(command.optsWithGlobals<ControlTarget>())
  console.log(render(await control.post<Clock>('/clock', wish)))
}

function render({ mode, now, next_timer, next_work }: Clock): string {
  const next = next_timer === null ? 'nothing is due' : `next timer ${next_timer}`
  return `${now} (${mode}; ${next}${next_work === null ? '' : `, next work ${next_work}`})`
}
