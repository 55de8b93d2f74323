import type { Outcome } from './messenger/delivery.ts'

/** One thing that entered the world, in the order it was applied. `atMs` is the world's time then. */
export type Input = { seq: number; atMs: number } & (
  | {
      kind: 'request'
      partner: string
      method: string
      /** As the client sent it, prefixes included. */
      target: string
      /** Length of world and partner prefix in `target`. */
      prefixChars: number
      headers: Record<string, string>
      body: string
    }
  | { kind: 'act'; name: string; input: unknown }
  | { kind: 'clock'; toMs: number }
  | { kind: 'arm'; spec: unknown }
  | { kind: 'disarm'; id: string | null }
  | { kind: 'assumptions'; partner: string; values: Record<string, unknown> }
  | { kind: 'shop'; shop: Record<string, Record<string, string>> }
  | { kind: 'redeliver'; deliveryId: string }
  | { kind: 'answered'; deliveryId: string; attempt: number; outcome: Outcome }
  | { kind: 'claim'; view: unknown }
  | { kind: 'expect-refusals'; fromSeq: number; toSeq: number }
  | { kind: 'reset' }
)

/** Enough to make the same world again (with the same partners and options). */
export interface InputLog {
  seed: number
  startMs: number
  inputs: Input[]
  /** The clock's last place. */
  untilMs: number
}
