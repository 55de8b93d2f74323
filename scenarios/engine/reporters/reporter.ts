import type { Result } from '../player.ts'

export interface Summary {
  /** Files. Variants do not count as scenarios, they count as plays. */
  scenarios: number
  plays: number
  green: number
  red: number
  notPlayable: number
  /** Plays that `--until` or `--keep` ended early: not judged, so not green. */
  stopped: number
  skipped: number
  /** Plays that end with a declared breach. */
  leaving: number
  steps: number
  requests: number
  deliveries: number
  simulatedHours: number
  /** Wall time of the whole run. */
  wallMs: number
}

/** Hears of a run as it goes. */
export interface Reporter {
  begin?(count: number): void
  playing?(title: string, number: number, count: number): void
  played?(result: Result, wallMs: number): void
  end?(summary: Summary, results: readonly Result[]): void
}

/** What a play that is neither green nor red says of itself; the reason of a stopped one says all. */
export function whyText(outcome: Result['outcome'], why: string): string {
  if (outcome === 'stopped') return why
  return `${outcome === 'skipped' ? 'skipped' : 'not playable'}: ${why}`
}
