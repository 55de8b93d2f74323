import { createCaller, type Trace, withRetries } from '../partners/call.ts'
import { type Context, createKonnect, type Konnect } from '../partners/konnect.ts'
import { unattended } from '../partners/retry.ts'
import type { ShopPorts } from '../ports.ts'
import { logPartner, whileAlive } from '../site.ts'
import type { Storage } from '../storage.ts'
import { redactKonnect, type SellerSettingsStore } from './seller-settings.ts'

/** What every room of the seller is given. */
export type SellerSite = {
  ports: ShopPorts
  storage: Storage
  settings: SellerSettingsStore
  konnect: Konnect
  firstInvoiceNumber: number
  nowMs(): number
  /** Takes our secrets out of a text that somebody may read. */
  redact(text: string): string
  /** The codes of our stores. */
  locations(): string[]
  /** Runs `work` once at a time for each key; whoever comes meanwhile gets the same answer. */
  once<T>(key: string, work: () => Promise<T>): Promise<T>
  /** A call of a job: tried again as a job does. `use` keys the jitter. */
  persist<T>(use: string, trace: Trace, call: (context: Context) => Promise<T>): Promise<T>
}

export function createSellerSite(parts: {
  ports: ShopPorts
  storage: Storage
  settings: SellerSettingsStore
  firstInvoiceNumber: number
}): SellerSite {
  const { storage, settings } = parts
  const ports = whileAlive(parts.ports, storage)
  const account = () => settings.read().konnect
  const redact = (text: string) => redactKonnect(account(), text)
  const caller = createCaller(ports, (call) => {
    storage.transaction('log-call', () =>
      logPartner(storage, ports.clock.nowMs(), {
        ...call,
        direction: 'out',
        detail: call.detail === null ? null : redact(call.detail),
      }),
    )
  })
  const running = new Map<string, Promise<unknown>>()
  return {
    ...parts,
    ports,
    redact,
    konnect: createKonnect(ports, caller, account),
    nowMs: () => ports.clock.nowMs(),
    locations: () => account().locations.map(({ code }) => code),
    once<T>(key: string, work: () => Promise<T>): Promise<T> {
      const known = running.get(key)
      if (known !== undefined) return known as Promise<T>
      const run = work().finally(() => running.delete(key))
      running.set(key, run)
      return run
    },
    persist: (use, trace, call) =>
      withRetries(ports, unattended, use, (attempt) => call({ trace, attempt })),
  }
}

/** A small value that a job remembers between runs; undefined before the first. */
export function readMark(site: SellerSite, name: string): number | undefined {
  const row = site.storage.get<{ value: string }>('SELECT value FROM facts WHERE name = ?', name)
  return row === undefined ? undefined : Number(row.value)
}

/** In a transaction. */
export function writeMark(site: SellerSite, name: string, value: number) {
  site.storage.run(
    'INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    name,
    String(value),
  )
}

/** ISO 8601 in UTC. */
export function utcTime(atMs: number): string {
  return new Date(atMs).toISOString()
}

const indiaOffsetMs = 5.5 * 3_600_000

/** A date filter as the polling guide writes it: Indian time, without a zone (konnect.md 2.18). */
export function indianTime(atMs: number): string {
  return new Date(atMs + indiaOffsetMs).toISOString().slice(0, 19)
}
