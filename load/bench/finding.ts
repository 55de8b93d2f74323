import { type PairedResult, renderSpread, spreadOf } from './rounds.ts'

/** What one question found: lines to read, figures for `out/bench.json`, and whether every target of it was met. */
export interface Finding {
  title: string
  lines: string[]
  figures: object
  isMet: boolean
}

export const renderMet = (isMet: boolean): string => (isMet ? 'met' : 'NOT MET')

/** Simulator against floor. The rate decides; CPU time is a second opinion on a busy machine. */
export function findRatio(
  { title, ratioTarget, calls = 1 }: { title: string; ratioTarget: number; calls?: number },
  result: PairedResult,
): Finding {
  const [floor, rate] = [spreadOf(result.floorRates), spreadOf(result.rates)]
  const ratio = spreadOf(result.ratios)
  const [floorCpuUs, cpuUs] = [spreadOf(result.floorCpuUs), spreadOf(result.cpuUs)]
  const cpuRatio = floorCpuUs.median / cpuUs.median
  const isMet = ratio.median >= ratioTarget
  const each = calls === 1 ? '' : ` (${calls} calls each)`
  return {
    title,
    lines: [
      `floor            ${renderSpread(floor, 0)} a second${each}`,
      `simulator        ${renderSpread(rate, 0)}`,
      `of the floor     ${renderSpread(ratio, 2)}, target ${ratioTarget}: ${renderMet(isMet)}`,
      `CPU of one       ${renderSpread(cpuUs, 0)} µs, floor ${renderSpread(floorCpuUs, 0)} µs: ${cpuRatio.toFixed(2)} of the floor`,
    ],
    figures: { target: ratioTarget, ratio, rate, floor, cpuUs, floorCpuUs, cpuRatio, calls },
    isMet,
  }
}
