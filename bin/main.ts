import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { CommandError } from './command-error.ts'
import { clockCommand } from './commands/clock.ts'
import { doCommand } from './commands/do.ts'
import { listCommand } from './commands/list.ts'
import { logCommand } from './commands/log.ts'
import { runCommand } from './commands/run.ts'
import { upCommand } from './commands/up.ts'
import { verifyCommand } from './commands/verify.ts'

// Whoever reads the output may stop early: `understudy list acts | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

const exitCode = await main(process.argv)
// `up` goes on living; it ends by itself when it is stopped.
if (exitCode !== undefined) process.exitCode = exitCode

/** Undefined: all went well. 1: it went wrong. 2: bad input. */
async function main(argv: readonly string[]): Promise<number | undefined> {
  const { version } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  ) as { version: string }
  const program = new Command('understudy')
    .description("Stands in for an online shop's commerce partners: rehearse an integration.")
    .version(version)
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(add --help for what can be said here)')
    .exitOverride()
  for (const command of [
    upCommand,
    runCommand,
    listCommand,
    doCommand,
    clockCommand,
    logCommand,
    verifyCommand,
  ]) {
    // What follows a subcommand inherits how errors end.
    program.addCommand(inherit(command(), program))
  }
  try {
    await program.parseAsync([...argv])
    return undefined
  } catch (error) {
    return explain(error)
  }
}

function inherit(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent)
  for (const inner of command.commands) inherit(inner, command)
  return command
}

function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof CommandError) {
    process.stderr.write(`${error.message}\n`)
    return error.exitCode
  }
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : error}\n`)
  return 1
}
