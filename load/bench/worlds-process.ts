import { createWorld, type World } from '../../simulators/index.ts'
import { answerAsks } from './talk.ts'

export interface Made {
  /** For each world. */
  wallMs: number
  cpuMs: number
  heapBytes: number
}

const collect = (globalThis as { gc?: () => void }).gc ?? (() => {})
let seed = 1

/** Makes worlds over one catalogue and lets them go again: time and memory of each. Wants `--expose-gc`. */
function make({ worlds, skus }: { worlds: number; skus: number }): Made {
  collect()
  const before = process.memoryUsage()
  const begunMs = performance.now()
  const cpuBefore = process.cpuUsage()
  const made: World[] = []
  for (let number = 0; number < worlds; number += 1) {
    seed += 1
    made.push(createWorld({ seed, size: { skus } }))
  }
  const wallMs = (performance.now() - begunMs) / worlds
  const { user, system } = process.cpuUsage(cpuBefore)
  collect()
  const after = process.memoryUsage()
  const bytes = ({ heapUsed, external }: NodeJS.MemoryUsage) => heapUsed + external
  for (const world of made) world.close()
  return {
    wallMs,
    cpuMs: (user + system) / 1_000 / worlds,
    heapBytes: (bytes(after) - bytes(before)) / worlds,
  }
}

answerAsks({ make })
