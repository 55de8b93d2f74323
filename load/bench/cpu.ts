import type { ChildProcess } from 'node:child_process'

/** In a contender's process: answers every message from now on with the CPU time that it has used, in microseconds. */
export function tellCpu(): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    process.send?.(user + system)
  })
}

/** CPU time of all threads of a contender so far, in microseconds; a busy machine does not change it much, other than the time on the wall. */
export function askCpuUs(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once('message', (cpuUs) => resolve(cpuUs as number))
    child.send('cpu')
  })
}
