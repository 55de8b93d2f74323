/**
 * What k6's dashboard records (`K6_WEB_DASHBOARD_RECORD`): one JSON a line. `param` names the aggregates of each type, `metric` adds
 * metrics, `snapshot` has one row of values for each metric known so far, by name, of the last period.
 */
export interface Moment {
  /** Seconds since the first. */
  second: number
  /** By metric, then by aggregate: `http_reqs` has `rate`, `http_req_duration` has `med`, `p(95)` and more. */
  values: Record<string, Record<string, number>>
}

type Line =
  | { event: 'param'; data: { aggregates?: Record<string, string[]> } }
  | { event: 'metric'; data: Record<string, { type: string }> }
  | { event: 'snapshot'; data: number[][] }

/** Reads the whole recording. A line that is cut off, as of a k6 that was killed, is the last one read. */
export function readRecording(text: string): Moment[] {
  let aggregates: Record<string, string[]> = {}
  const types: Record<string, string> = {}
  const moments: Moment[] = []
  let beganMs: number | undefined
  for (const line of text.split('\n')) {
    const read = parseLine(line)
    if (read === undefined) continue
    if (read.event === 'param') aggregates = read.data.aggregates ?? aggregates
    if (read.event === 'metric') {
      for (const [name, { type }] of Object.entries(read.data)) types[name] = type
    }
    if (read.event !== 'snapshot') continue
    const values: Moment['values'] = {}
    for (const [index, name] of Object.keys(types).sort().entries()) {
      const row = read.data[index] ?? []
      const names = aggregates[types[name] ?? ''] ?? ['value']
      if (row.length > 0) {
        values[name] = Object.fromEntries(names.map((aggregate, at) => [aggregate, row[at] ?? 0]))
      }
    }
    const atMs = values.time?.value ?? 0
    beganMs ??= atMs
    moments.push({ second: Math.round((atMs - beganMs) / 1_000), values })
  }
  return moments
}

function parseLine(text: string): Line | undefined {
  try {
    return JSON.parse(text) as Line
  } catch {
    // An empty line, or one that k6 did not finish.
    return undefined
  }
}

/** One line of a plot: a value for each moment that has one. */
export interface Series {
  name: string
  points: { second: number; value: number }[]
}

export const seriesOf = (
  moments: readonly Moment[],
  name: string,
  metric: string,
  aggregate: string,
): Series => ({
  name,
  points: moments.flatMap(({ second, values }) => {
    const value = values[metric]?.[aggregate]
    return value === undefined ? [] : [{ second, value }]
  }),
})
