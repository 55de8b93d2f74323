import type { Series } from './recording.ts'
import { escapeXml } from './results.ts'

export interface Plot {
  title: string
  /** Stands at the scale: `ms`, `a second`, `%`. */
  unit: string
  series: Series[]
}

const width = 560
const height = 200
const left = 56
const bottom = 22
const top = 10
const colours = ['#1f6feb', '#d97706', '#b91c1c', '#15803d', '#7c3aed', '#0f766e']

/** An inline SVG that loads nothing. `scale` fixes its ends, so that two runs can be laid side by side. */
export function renderPlot(plot: Plot, scale: Scale = scaleOf([plot])): string {
  const x = (second: number) => left + (second / scale.seconds) * (width - left - 8)
  const y = (value: number) => height - bottom - (value / scale.value) * (height - bottom - top)
  const grid = [0, 0.25, 0.5, 0.75, 1]
    .map((share) => {
      const at = y(scale.value * share).toFixed(1)
      return `<line x1="${left}" x2="${width - 8}" y1="${at}" y2="${at}" stroke="#ddd"/><text x="${left - 6}" y="${Number(at) + 4}" text-anchor="end">${shortly(scale.value * share)}</text>`
    })
    .join('')
  const lines = plot.series
    .map(({ points }, index) => {
      const path = points.map(
        ({ second, value }) => `${x(second).toFixed(1)},${y(value).toFixed(1)}`,
      )
      const colour = colours[index % colours.length] ?? ''
      // One point alone makes no line.
      return points.length === 1
        ? `<circle cx="${(path[0] ?? '').split(',')[0]}" cy="${(path[0] ?? '').split(',')[1]}" r="3" fill="${colour}"/>`
        : `<polyline points="${path.join(' ')}" fill="none" stroke="${colour}" stroke-width="1.5"/>`
    })
    .join('')
  const legend = plot.series
    .map(
      ({ name }, index) =>
        `<span style="color:${colours[index % colours.length]}">■</span> ${escapeXml(name)}`,
    )
    .join(' &#160; ')
  return `<figure><figcaption><b>${escapeXml(plot.title)}</b>, ${escapeXml(plot.unit)} &#160; ${legend}</figcaption>
<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeXml(plot.title)}">${grid}${lines}<text x="${left}" y="${height - 6}">0 s</text><text x="${width - 8}" y="${height - 6}" text-anchor="end">${scale.seconds} s</text></svg></figure>`
}

export interface Scale {
  seconds: number
  value: number
}

/** Wide and high enough for all of them. */
export function scaleOf(plots: readonly Plot[]): Scale {
  const points = plots.flatMap(({ series }) => series.flatMap((each) => each.points))
  const most = (values: number[]) => values.reduce((max, value) => Math.max(max, value), 0)
  return {
    seconds: Math.max(1, most(points.map(({ second }) => second))),
    value: roundUp(most(points.map(({ value }) => value))),
  }
}

/** To 1, 2 or 5 with zeros: what a scale ends at. */
function roundUp(value: number): number {
  if (value <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  return ([1, 2, 5].find((step) => step * power >= value) ?? 10) * power
}

const shortly = (value: number): string =>
  value >= 10_000 ? `${Number((value / 1_000).toFixed(1))}k` : String(Number(value.toPrecision(3)))
