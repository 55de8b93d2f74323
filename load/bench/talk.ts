import { type ChildProcess, fork } from 'node:child_process'

/** What a process of the bench can be asked for, by name; what a handler answers goes back as JSON. */
export type Asks = Record<string, (given: never) => unknown>

/** What every process of the bench tells. */
export interface Usage {
  /** Of all its threads so far, in microseconds; a busy machine does not change it much, other than the time on the wall. */
  cpuUs: number
  residentBytes: number
}

interface Ask {
  ask: string
  given: unknown
}

interface Reply {
  answer?: unknown
  error?: string
}

/** In a child: answers each ask with what its handler gives; one at a time. Ends with its parent. */
export function answerAsks(asks: Asks): void {
  const known: Asks = { ...asks, usage: tellUsage }
  process.on('message', async ({ ask, given }: Ask) => {
    process.send?.(await replyTo(known, ask, given))
  })
  process.once('disconnect', () => process.exit(0))
  process.send?.({ answer: 'ready' })
}

export async function replyTo(asks: Asks, ask: string, given: unknown): Promise<Reply> {
  try {
    const handler = asks[ask]
    if (!handler) throw new Error(`Nobody here answers "${ask}".`)
    return { answer: await handler(given as never) }
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

function tellUsage(): Usage {
  const { user, system } = process.cpuUsage()
  return { cpuUs: user + system, residentBytes: process.memoryUsage.rss() }
}

export interface Child {
  ask<Answer>(ask: string, given?: unknown): Promise<Answer>
  close(): Promise<void>
}

/** Starts a file of this folder in a process of its own; resolves once it can be asked. `node` are options of Node. */
export async function startChild(file: string, node: readonly string[] = []): Promise<Child> {
  const child = fork(new URL(file, import.meta.url), {
    execArgv: ['--import', 'tsx', ...node],
    serialization: 'advanced',
  })
  await nextReply(child, file)
  return {
    async ask<Answer>(ask: string, given?: unknown) {
      const reply = nextReply(child, `${file} ${ask}`)
      child.send({ ask, given } satisfies Ask)
      return (await reply) as Answer
    },
    close: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve())
        child.disconnect()
      }),
  }
}

function nextReply(child: ChildProcess, what: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) =>
      reject(new Error(`${what}: the process ended (${code}).`))
    child.once('exit', ended)
    child.once('message', ({ answer, error }: Reply) => {
      child.off('exit', ended)
      if (error === undefined) resolve(answer)
      else reject(new Error(`${what}: ${error}`))
    })
  })
}
