/** How slow and how strict a partner is, for a run. Plain ES: k6 and Vitest both read this. */
export interface PartnerProfile {
  /** Milliseconds by percentile, for example `{ 50: 120, 95: 600 }`. */
  percentiles: Record<string, number>
  /** Calls that pass in each window; the rest gets 429 with Retry-After. */
  limit?: { calls: number; perMs: number }
  /** Share of calls that are answered with 503, 0 to 1. */
  errors?: number
}

const unitsMs: Record<string, number> = { ms: 1, s: 1_000, m: 60_000 }

/**
 * Reads `p50=120ms,p95=600ms,limit=20/s,errors=1%`, in any order. Throws with the part that does not fit and with what would.
 */
export function parsePartnerProfile(text: string): PartnerProfile {
  const profile: PartnerProfile = { percentiles: {} }
  for (const part of text.split(',').map((each) => each.trim())) {
    const [, percentile, length, lengthUnit] =
      /^p(\d{1,2}(?:\.\d+)?|100)=(\d+(?:\.\d+)?)(ms|s)$/.exec(part) ?? []
    const [, calls, window = '', unit] = /^limit=(\d+)\/(\d*)(ms|s|m)$/.exec(part) ?? []
    const [, errors] = /^errors=(\d+(?:\.\d+)?)%$/.exec(part) ?? []
    if (percentile !== undefined && Number(percentile) > 0) {
      profile.percentiles[percentile] = Math.round(
        Number(length) * (unitsMs[lengthUnit ?? ''] ?? 1),
      )
    } else if (calls !== undefined) {
      const perMs = Number(window || '1') * (unitsMs[unit ?? ''] ?? 1)
      profile.limit = { calls: Number(calls), perMs }
    } else if (errors !== undefined && Number(errors) <= 100) {
      profile.errors = Number(errors) / 100
    } else {
      throw new Error(
        `--partner: "${part}" does not fit. Known: p50=120ms (any percentile), limit=20/s, errors=1%.`,
      )
    }
  }
  refuseFallingPercentiles(profile)
  return profile
}

function refuseFallingPercentiles({ percentiles }: PartnerProfile): void {
  const points = pointsOf(percentiles)
  for (const [index, point] of points.entries()) {
    const before = points[index - 1]
    if (before && before.ms > point.ms) {
      throw new Error(
        `--partner: p${point.percentile} is shorter than p${before.percentile}; a higher percentile is never faster.`,
      )
    }
  }
}

/** The faults that make these partners so (core's `latency`, `rate-limit` and `status`). */
export function renderPartnerFaults(
  profile: PartnerProfile,
  partners: readonly string[],
): object[] {
  const { percentiles, limit, errors } = profile
  return partners.flatMap((partner) => [
    ...(Object.keys(percentiles).length === 0
      ? []
      : [
          {
            partner,
            name: 'latency',
            percentiles: Object.fromEntries(
              Object.entries(percentiles).map(([key, ms]) => [key, `${ms}ms`]),
            ),
          },
        ]),
    ...(limit
      ? [{ partner, name: 'rate-limit', calls: limit.calls, per: `${limit.perMs}ms` }]
      : []),
    ...(errors ? [{ partner, name: 'status', status: 503, probability: errors }] : []),
  ])
}

/** What one call may be held back at its 95th percentile; the highest named one stands for those above it. */
export function slowMsOf(profile: PartnerProfile | undefined): number {
  const points = pointsOf(profile?.percentiles ?? {})
  return (points.find(({ percentile }) => percentile >= 95) ?? points.at(-1))?.ms ?? 0
}

/** Whether calls may be refused although nothing is wrong with them. */
export const mayRefuse = (profile: PartnerProfile | undefined): boolean =>
  profile?.limit !== undefined || (profile?.errors ?? 0) > 0

const pointsOf = (percentiles: Record<string, number>) =>
  Object.entries(percentiles)
    .map(([percentile, ms]) => ({ percentile: Number(percentile), ms }))
    .sort((one, other) => one.percentile - other.percentile)
