import { type ChildProcess, spawn } from 'node:child_process'

/** A server in a process of its own. */
export interface Served {
  url: string
  stop(): Promise<void>
}

const startMsMax = 60_000

/**
 * Starts a TypeScript program that prints `… listening on URL` once it can be called. Rejects with what it printed when it ends before, or
 * says nothing for a minute.
 */
export function serve(
  file: string,
  { top, environment = {} }: { top: string; environment?: NodeJS.ProcessEnv },
): Promise<Served> {
  const child = spawn(process.execPath, ['--import', 'tsx', file], {
    cwd: top,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ctrl-C is for the runner, which stops its servers when k6 is done with them.
    detached: true,
  })
  return new Promise((resolve, reject) => {
    let told = ''
    const late = setTimeout(() => fail('said nothing for a minute'), startMsMax)
    const fail = (why: string) => {
      clearTimeout(late)
      child.kill()
      reject(new Error(`${file} ${why}: ${told.slice(-2_000)}`))
    }
    child.once('exit', (code) => fail(`ended with ${code}`))
    const hear = (text: string) => {
      told = (told + text).slice(-10_000)
      const [, url] = / listening on (http:\S+)/.exec(told) ?? []
      if (url === undefined) return
      clearTimeout(late)
      child.removeAllListeners('exit')
      resolve({ url, stop: () => stopChild(child) })
    }
    child.stdout.setEncoding('utf8').on('data', hear)
    // A shop that meets trouble says so here; it is the judge's to say whether that matters.
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      told = (told + text).slice(-10_000)
    })
  })
}

function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}
