/** The part of k6's summary that the reports read. */
export interface Summary {
  metrics: Record<string, Metric>
}

export interface Metric {
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

/** One self-contained page: thresholds first, then every metric. */
export function renderReport(name: string, summary: Summary): string {
  const rows = rowsOf(summary)
    .map(
      ({ title, isMet, values }) =>
        `<tr><td>${isMet ? 'met' : '<b>not met</b>'}</td><td>${escapeXml(title)}</td><td>${escapeXml(values)}</td></tr>`,
    )
    .join('\n')
  const metrics = Object.entries(summary.metrics)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(
      ([metric, about]) =>
        `<tr><td>${escapeXml(metric)}</td><td>${escapeXml(told(about))}</td></tr>`,
    )
    .join('\n')
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeXml(name)}</title>
<style>body{font:14px sans-serif;margin:2em}td{padding:.2em 1em .2em 0;vertical-align:top}</style></head>
<body><h1>${escapeXml(name)}</h1>
<h2>Thresholds</h2><table>${rows}</table>
<h2>Metrics</h2><table>${metrics}</table></body></html>
`
}

/** A line for each threshold, for the console. */
export const renderLines = (summary: Summary): string =>
  rowsOf(summary)
    .map(({ title, isMet, values }) => `${isMet ? 'met    ' : 'NOT MET'} ${title} (${values})\n`)
    .join('')

const rowsOf = (summary: Summary): Row[] =>
  Object.entries(summary.metrics).flatMap(([metric, about]) =>
    Object.entries(about.thresholds ?? {}).map(([rule, { ok }]) => ({
      title: `${metric} ${rule}`,
      isMet: ok,
      values: told(about),
    })),
  )

const told = (metric: Metric): string =>
  Object.entries(metric.values ?? {})
    .map(([name, value]) => `${name} ${Number(value.toFixed(3))}`)
    .join(', ')

const escapeXml = (text: string): string =>
  text.replace(/[<>&"']/g, (char) => `&#${char.charCodeAt(0)};`)
