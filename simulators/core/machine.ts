import type { TimerId, TimerKind } from './partner.ts'
import type { Random } from './random.ts'

/** The part of a world that core's own rooms (messenger, faults) work with. */
export interface Machine {
  readonly nowMs: number
  readonly random: Random
  /** `name` finds its code in the world's table of timers; plain data. */
  schedule(timer: { name: string; kind: TimerKind; dueMs: number; args: object }): TimerId
  cancel(timer: TimerId): void
  /** Writes an entry, caused by what is being applied (or by `cause`), and returns its sequence number. */
  journal(kind: string, data: object, cause?: number): number
  /** Sequence number of what is being applied now: the cause of its effects. */
  readonly cause: number
  /** Runs `work` with `cause` as the cause of all that it journals. */
  causedBy<T>(cause: number, work: () => T): T
}
