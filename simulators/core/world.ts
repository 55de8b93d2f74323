import type { ClockMode, WorldClock } from './clock.ts'
import type { ArmedFault, FaultSpec } from './faults/armed.ts'
import type { InputLog } from './input-log.ts'
import type { JournalEntry, JournalQuery } from './journal.ts'
import type { JudgeReport } from './judge/judge.ts'
import type { ShopView } from './judge/views.ts'
import type { Delivery, Outcome, OutgoingCall } from './messenger/delivery.ts'
import type { CatalogueSize, Partner } from './partner.ts'

export interface WorldOptions {
  partners: readonly Partner[]
  /** Fixes all chance; default 1. */
  seed?: number
  /** Path prefix `/w/{name}` unless it is `default`. */
  name?: string
  /** Default: `virtual`. */
  mode?: ClockMode
  /** Epoch milliseconds; default 2026-01-05T04:30:00Z when virtual, the wall's time when real. */
  startMs?: number
  size?: CatalogueSize
  /** Keep the input log in memory, so that `inputs()` can rebuild this world. */
  keepInputs?: boolean
  /** Which clock judges the freshness of dates a client sends; default `world`. */
  clientClock?: 'world' | 'wall'
  /** Public origin of each partner by name; default `http://127.0.0.1:{port}`, with the world's prefix. */
  origins?: Record<string, string>
  /** Hosts besides loopback that webhooks may go to. */
  allowedHosts?: readonly string[]
  /** Bytes of journal kept in memory. */
  journalBytesMax?: number
  /** Validate every answer against the document, before faults. Tests and `--strict`. */
  strict?: boolean
}

/** One complete, isolated universe: a deterministic state machine (design 4). */
export interface World {
  readonly name: string
  readonly seed: number
  readonly partners: readonly Partner[]
  readonly clock: WorldClock
  /** Serves one request in-process: by the origin of a partner, or by the prefix `/{partner}` on any other origin. */
  fetch(request: Request): Promise<Response>
  /** Does an act; answers what the act answers. Throws `Refusal` (nothing changed), or `UnknownName`/`BadInput` with what would do. */
  act(name: string, input: unknown): unknown
  arm(spec: FaultSpec): ArmedFault
  /** Without an id: all. What webhook faults held back goes out. */
  disarm(id?: string): number
  faults(): ArmedFault[]
  setAssumptions(partner: string, values: Record<string, unknown>): Record<string, unknown>
  assumptions(partner: string): Record<string, unknown>
  /** Names the shop under test: URLs (and secrets) of its site for each partner. */
  setShop(shop: Record<string, Record<string, string>>): void
  shop(): Record<string, Record<string, string>>
  credentials(partner: string): Record<string, string>
  /** Base URL as a client types it in. */
  baseUrl(partner: string): string
  journal(query?: JournalQuery): JournalEntry[]
  deliveries(filter?: { settled?: boolean; partner?: string }): Delivery[]
  redeliver(deliveryId: string): Delivery
  /** Calls to leave for receivers; the driver sends them and reports back with `answered`. One listener. */
  onOutgoing(listener: (call: OutgoingCall) => void): void
  answered(deliveryId: string, attempt: number, outcome: Outcome): void
  /** Partner state as plain JSON (Maps as objects), credentials redacted. */
  state(partner: string): unknown
  /**
   * All of one kind that a scenario may look at (`fynd.order`): `partner.things`, or `order`, `stock` and `payment` from the
   * partner's view when it has none. Throws `UnknownName`.
   */
  things(partner: string, thing: string): object[]
  /** Adds what a client says was acknowledged to it. */
  claim(view: ShopView): void
  judge(shop?: ShopView): JudgeReport
  /** Marks misunderstood calls with a sequence number in (from, to] as expected (a step wanted that refusal). */
  expectRefusals(fromSeq: number, toSeq: number): void
  readonly seq: number
  counts(): WorldCounts
  /** All that the world holds, as JSON text; `createWorld(options, snapshot)` makes the same world. */
  snapshot(): string
  /** Back to the beginning: same seed, same credentials. */
  reset(): void
  /** Throws unless made with `keepInputs`. */
  inputs(): InputLog
  close(): void
}

export interface WorldCounts {
  requests: number
  acts: number
  deliveries: number
  attempts: number
  bugs: number
  misunderstood: number
}
