import { type ChildProcess, spawn } from 'node:child_process'
import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:net'
import type { RunningPeer } from './peer.ts'

const readyMaxMs = 60_000
const pollMs = 100
const killMs = 5_000

/** Starts a command that will listen on `port`; resolves once it does. Its folder is `cwd`. Rejects with what it said when it does not. */
export async function startProcess(
  [command, ...words]: readonly [string, ...string[]],
  { cwd, port }: { cwd: string; port: number },
): Promise<RunningPeer> {
  const child = spawn(command, words, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  let failure: Error | undefined
  const hear = (chunk: Buffer) => {
    said = `${said}${chunk}`.slice(-2_000)
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  child.once('error', () => {
    failure = new Error(`${command} cannot be run here`)
  })
  const leaveNothing = () => child.kill('SIGKILL')
  process.once('exit', leaveNothing)
  const stop = async () => {
    await end(child)
    process.off('exit', leaveNothing)
  }
  for (let waitedMs = 0; !(await isListening(port)); waitedMs += pollMs) {
    if (child.exitCode !== null) failure ??= new Error(`ended with ${child.exitCode}: ${said}`)
    if (waitedMs >= readyMaxMs) failure ??= new Error(`does not listen: ${said}`)
    if (failure) {
      await stop()
      throw failure
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
  return { port, stop }
}

function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
    return Promise.resolve()
  }
  return new Promise((resolve) => {
    const impatience = setTimeout(() => child.kill('SIGKILL'), killMs)
    child.once('exit', () => {
      clearTimeout(impatience)
      resolve()
    })
    child.kill('SIGTERM')
  })
}

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })

/** Free a moment ago, on 127.0.0.1. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
