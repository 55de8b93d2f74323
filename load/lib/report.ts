import type { LoadRun } from './load-run.ts'
import { type Plot, renderPlot, scaleOf } from './plot.ts'
import { type Moment, seriesOf } from './recording.ts'
import { escapeXml, rowsOf, type Summary, toldMetric } from './results.ts'

/** What a run leaves as JSON, and what two runs are compared by. */
export interface LoadResult {
  name: string
  begun_at: string
  run: Pick<LoadRun, 'question' | 'subject' | 'profile' | 'sites' | 'partner' | 'faults'>
  exit_code: number
  metrics: Summary['metrics']
  series: Moment[]
}

/** Side of the calls that are measured; the control plane's are told apart. */
const subjectOnly = '{side:subject}'

/** Metrics of k6 that say nothing of the subject. */
const ownMetrics =
  /^(?:data_|vus|time$|http_req_(?:blocked|connecting|receiving|sending|tls|waiting))|expected_response/

/** Leaves out of a recording what no plot shows: set-up and last step, and k6's own bookkeeping. */
export const trimMoments = (moments: readonly Moment[]): Moment[] =>
  moments.map(({ second, values }) => ({
    second,
    values: Object.fromEntries(
      Object.entries(values).filter(
        ([name]) => !ownMetrics.test(name) && (!name.includes('{') || name.endsWith(subjectOnly)),
      ),
    ),
  }))

/** Rate, latency percentiles and errors over time, then what the question counts itself. */
export function plotsOf({ series, metrics }: LoadResult): Plot[] {
  const line = (name: string, metric: string, aggregate: string) =>
    seriesOf(series, name, metric, aggregate)
  const percent = (name: string, metric: string, of: (rate: number) => number) => {
    const { points } = line(name, metric, 'rate')
    return { name, points: points.map(({ second, value }) => ({ second, value: of(value) * 100 })) }
  }
  const percentiles = (metric: string) => [
    line('median', metric, 'med'),
    line('p95', metric, 'p(95)'),
    line('p99', metric, 'p(99)'),
  ]
  const custom = Object.keys(metrics).filter((name) =>
    series.some(({ values }) => values[name] !== undefined && !standardMetrics.has(name)),
  )
  const trends = custom.filter((name) => metrics[name]?.type === 'trend')
  const counters = custom.filter((name) => metrics[name]?.type === 'counter')
  const plots: Plot[] = [
    {
      title: 'Rate',
      unit: 'a second',
      series: [
        line('requests', 'http_reqs', 'rate'),
        line('iterations', 'iterations', 'rate'),
        ...counters.map((name) => line(wordsOf(name), name, 'rate')),
      ],
    },
    { title: 'Latency', unit: 'ms', series: percentiles(`http_req_duration${subjectOnly}`) },
    {
      title: 'Errors',
      unit: '%',
      series: [
        percent('requests failed', 'http_req_failed', (rate) => rate),
        percent('checks failed', 'checks', (rate) => 1 - rate),
      ],
    },
    ...trends.map((name) => ({
      title: wordsOf(name),
      unit: name.endsWith('_per_second') ? 'a second' : 'ms',
      series: percentiles(name),
    })),
  ]
  // Where k6 calls no subject, there is no latency of one.
  return plots.filter((plot) => plot.series.some(({ points }) => points.length > 0))
}

const standardMetrics = new Set([
  'http_reqs',
  'http_req_duration',
  'http_req_failed',
  'iterations',
  'iteration_duration',
  'checks',
  'group_duration',
])

/** One self-contained page: thresholds, plots, then every metric. */
export function renderReport(result: LoadResult): string {
  const { metrics } = result
  const rows = rowsOf(result)
    .map(
      ({ title, isMet, values }) =>
        `<tr><td>${isMet ? 'met' : '<b class="bad">not met</b>'}</td><td>${escapeXml(title)}</td><td>${escapeXml(values)}</td></tr>`,
    )
    .join('\n')
  const all = Object.entries(metrics)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(
      ([name, metric]) =>
        `<tr><td>${escapeXml(name)}</td><td>${escapeXml(toldMetric(metric))}</td></tr>`,
    )
    .join('\n')
  return renderPage(
    result.name,
    `<p>${escapeXml(describeRun(result))}</p>
<h2>Thresholds</h2><table>${rows}</table>
<h2>Over time</h2>${plotsOf(result)
      .map((plot) => renderPlot(plot))
      .join('\n')}
<h2>Metrics</h2><table>${all}</table>`,
  )
}

/** Two runs side by side on one page, each pair of plots on one scale. */
export function renderComparison(one: LoadResult, other: LoadResult): string {
  const rows = compareMetrics(one, other)
    .map(
      ({ title, before, after, change }) =>
        `<tr><td>${escapeXml(title)}</td><td>${before}</td><td>${after}</td><td>${change}</td></tr>`,
    )
    .join('\n')
  const others = new Map(plotsOf(other).map((plot) => [plot.title, plot]))
  const pairs = plotsOf(one).map((plot) => {
    const partner = others.get(plot.title) ?? { ...plot, series: [] }
    const scale = scaleOf([plot, partner])
    return `<tr><td>${renderPlot(plot, scale)}</td><td>${renderPlot(partner, scale)}</td></tr>`
  })
  const [a, b] = [escapeXml(one.name), escapeXml(other.name)]
  return renderPage(
    `${one.name} and ${other.name}`,
    `<table><tr><th></th><th>${a}</th><th>${b}</th><th>change</th></tr>
<tr><td>run</td><td>${escapeXml(describeRun(one))}</td><td>${escapeXml(describeRun(other))}</td><td></td></tr>
${rows}</table>
<table><tr><th>${a}</th><th>${b}</th></tr>
${pairs.join('\n')}</table>`,
  )
}

/** The same for the console. */
export function renderComparisonLines(one: LoadResult, other: LoadResult): string {
  const rows = compareMetrics(one, other)
  const wide = Math.max(20, ...rows.map(({ title }) => title.length))
  const line = (title: string, before: string, after: string, change: string) =>
    `${title.padEnd(wide)} ${before.padStart(14)} ${after.padStart(14)} ${change.padStart(9)}\n`
  return (
    line('', one.name.slice(-14), other.name.slice(-14), 'change') +
    rows.map(({ title, before, after, change }) => line(title, before, after, change)).join('')
  )
}

interface ComparedRow {
  title: string
  before: string
  after: string
  change: string
}

const comparedValues = ['rate', 'count', 'med', 'p(95)', 'p(99)', 'max', 'value']

/** One row for each figure that says something of the subject; a metric that only one run has stands beside a dash. */
export function compareMetrics(one: LoadResult, other: LoadResult): ComparedRow[] {
  const names = [...new Set([...Object.keys(one.metrics), ...Object.keys(other.metrics)])]
  return names
    .filter((name) => !ownMetrics.test(name))
    .sort()
    .flatMap((name) => {
      const before = one.metrics[name]?.values ?? {}
      const after = other.metrics[name]?.values ?? {}
      return comparedValues
        .filter((value) => before[value] !== undefined || after[value] !== undefined)
        .map((value) => ({
          title: `${name} ${value}`,
          before: figure(before[value]),
          after: figure(after[value]),
          change: changeOf(before[value], after[value]),
        }))
    })
}

const figure = (value: number | undefined): string =>
  value === undefined ? '-' : String(Number(value.toFixed(3)))

function changeOf(before: number | undefined, after: number | undefined): string {
  if (before === undefined || after === undefined) return ''
  if (before === after) return '0 %'
  if (before === 0) return 'new'
  const percent = (after / before - 1) * 100
  return `${percent > 0 ? '+' : ''}${percent.toFixed(1)} %`
}

export function describeRun({ run, begun_at, exit_code }: LoadResult): string {
  const { question, subject, profile, sites, partner, faults } = run
  return [
    `${question}, subject ${subject}, profile ${profile}, ${sites.join(' and ')}`,
    ...(partner ? [`partner ${JSON.stringify(partner)}`] : []),
    ...(faults.length > 0 ? [`faults ${JSON.stringify(faults)}`] : []),
    begun_at,
    exit_code === 0 ? 'green' : `red (exit ${exit_code})`,
  ].join('; ')
}

const wordsOf = (name: string): string => name.replaceAll('_', ' ')

const renderPage = (title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeXml(title)}</title>
<style>body{font:14px sans-serif;margin:2em}td,th{padding:.2em 1em .2em 0;vertical-align:top;text-align:left}
figure{margin:0 0 1em}svg{font-size:11px;max-width:100%}.bad{color:#b91c1c}</style></head>
<body><h1>${escapeXml(title)}</h1>
${body}</body></html>
`
