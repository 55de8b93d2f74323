/** The part of k6's summary that the reports read. */
export interface Summary {
  metrics: Record<string, Metric>
}

export interface Metric {
  type?: string
  values?: Record<string, number>
  thresholds?: Record<string, { ok: boolean }>
}

interface Row {
  title: string
  isMet: boolean
  values: string
}

/** JUnit XML with one case for each threshold. No threshold at all is a failure: nothing was asked. */
export function renderJunit(name: string, summary: Summary): string {
  const rows = rowsOf(summary)
  const cases = rows.map(
    ({ title, isMet, values }) =>
      `  <testcase classname="${escapeXml(name)}" name="${escapeXml(title)}">${
        isMet ? '' : `<failure message="${escapeXml(`not met: ${values}`)}"/>`
      }</testcase>`,
  )
  if (rows.length === 0) {
    cases.push(
      `  <testcase classname="${escapeXml(name)}" name="thresholds"><failure message="none was checked"/></testcase>`,
    )
  }
  const failures = rows.length === 0 ? 1 : rows.filter(({ isMet }) => !isMet).length
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="${escapeXml(name)}" tests="${cases.length}" failures="${failures}">
${cases.join('\n')}
</testsuite>
`
}

/** A line for each threshold, for the console; those that were not met come last, where they are seen. */
export const renderLines = (summary: Summary): string =>
  rowsOf(summary)
    .sort((one, other) => Number(other.isMet) - Number(one.isMet))
    .map(({ title, isMet, values }) => `${isMet ? 'met    ' : 'NOT MET'} ${title} (${values})\n`)
    .join('')

export const rowsOf = (summary: Summary): Row[] =>
  Object.entries(summary.metrics).flatMap(([metric, about]) =>
    Object.entries(about.thresholds ?? {}).map(([rule, { ok }]) => ({
      title: `${metric} ${rule}`,
      isMet: ok,
      values: toldMetric(about),
    })),
  )

export const toldMetric = (metric: Metric): string =>
  Object.entries(metric.values ?? {})
    .map(([name, value]) => `${name} ${Number(value.toFixed(3))}`)
    .join(', ')

export const escapeXml = (text: string): string =>
  text.replace(/[<>&"']/g, (char) => `&#${char.charCodeAt(0)};`)
