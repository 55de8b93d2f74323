import { Command, Option } from 'commander'
import { journalKinds } from '../../simulators/core/journal.ts'
import { unknownName } from '../../simulators/core/nearest.ts'
import { CommandError } from '../command-error.ts'
import {
  type ControlClient,
  ControlRefusal,
  type ControlTarget,
  createControlClient,
  targetOptions,
} from '../control-client.ts'
import { type CurlPlaces, renderCurl, type ShownEntry } from '../curl.ts'
import { renderLine } from '../journal-line.ts'
import { wholeNumber } from '../whole-number.ts'

interface Page {
  entries: ShownEntry[]
  next_after: number
  has_more: boolean
}

interface LogOptions extends ControlTarget {
  after?: number
  last: number
  kind?: string
  follow?: boolean
  json?: boolean
  curl?: number
}

export function logCommand(): Command {
  const command = new Command('log')
    .summary('what happened in a running world, and why')
    .description(
      'Prints the journal of a running world: calls, acts, events, deliveries, each with its cause.',
    )
    .addOption(new Option('--last <n>', 'the last n entries').argParser(wholeNumber).default(50))
    .addOption(new Option('--after <seq>', 'all entries after this number').argParser(wholeNumber))
    .addOption(new Option('--kind <kinds>', 'only these kinds, with commas: request,act,attempt'))
    .addOption(new Option('-f, --follow', 'go on as things happen; end with Ctrl-C'))
    .addOption(new Option('--json', 'whole entries, one JSON a line'))
    .addOption(
      new Option('--curl <seq>', 'one call or delivery as a curl command').argParser(wholeNumber),
    )
    .addHelpText('after', '\nExamples:\n  understudy log --follow\n  understudy log --curl 12')
    .action(async (options: LogOptions) => {
      refuseKinds(options.kind)
      const control = createControlClient(options)
      if (options.curl !== undefined)
        console.log(await copyAsCurl(control, options.url, options.curl))
      else await print(control, options)
    })
  for (const option of targetOptions()) command.addOption(option)
  return command
}

/** A kind that no entry has would show nothing, without a word. */
function refuseKinds(kinds: string | undefined): void {
  const known: readonly string[] = journalKinds
  const strange = kinds?.split(',').find((kind) => !known.includes(kind))
  if (strange !== undefined) {
    throw new CommandError(unknownName('kind of entry', strange, known), 2)
  }
}

async function print(control: ControlClient, options: LogOptions): Promise<void> {
  const write = (entry: ShownEntry) =>
    console.log(options.json ? JSON.stringify(entry) : renderLine(entry))
  let after = options.after ?? (await seqBefore(control, options.last))
  for (;;) {
    const page = await readPage(control, after, options)
    for (const entry of page.entries) write(entry)
    after = page.next_after
    if (!options.follow && !page.has_more) return
  }
}

/** The number before the last so many. */
async function seqBefore(control: ControlClient, last: number): Promise<number> {
  const { seq } = await control.get<{ seq: number }>('')
  return Math.max(seq - last, 0)
}

/** The journal is bounded: what it has let go is told, and reading goes on with what is there. */
async function readPage(control: ControlClient, after: number, options: LogOptions): Promise<Page> {
  const query = new URLSearchParams({ after: String(after), limit: '500' })
  if (options.kind !== undefined) query.set('kind', options.kind)
  if (options.follow) query.set('wait', '30s')
  try {
    return await control.get<Page>(`/journal?${query}`)
  } catch (error) {
    if (!(error instanceof ControlRefusal) || error.oldestSeq === undefined) throw error
    console.error(error.message)
    return { entries: [], next_after: error.oldestSeq - 1, has_more: true }
  }
}

async function copyAsCurl(
  control: ControlClient,
  controlUrl: string,
  seq: number,
): Promise<string> {
  const { entries } = await control.get<Page>(`/journal?after=${Math.max(seq - 1, 0)}&limit=1`)
  const entry = entries.find((each) => each.seq === seq)
  if (!entry) throw new CommandError(`The journal has no entry ${seq}.`, 2)
  const { partners } = await control.get<{ partners: CurlPlaces['partners'] }>('')
  const curl = renderCurl(entry, { controlUrl, partners })
  if (curl !== undefined) return curl
  throw new CommandError(
    `Entry ${seq} is of kind ${entry.kind}; only request and attempt are calls. See: understudy log --kind request,attempt`,
    2,
  )
}
