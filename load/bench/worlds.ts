import { type Finding, renderMet } from './finding.ts'
import type { Options } from './options.ts'
import { renderSpread, spreadOf } from './rounds.ts'
import { startChild } from './talk.ts'
import type { Made } from './worlds-process.ts'

const wallMsTarget = 2
const kibTarget = 200
const worldsOfRound = 200

/** (g) Worlds created a second and the memory that each takes, all partners in it, over one shared catalogue. */
export async function findWorlds({ scale }: Options): Promise<Finding[]> {
  const child = await startChild('./worlds-process.ts', ['--expose-gc'])
  try {
    const worlds = Math.max(10, Math.round(worldsOfRound * scale.part))
    const made: Made[] = []
    for (let round = 0; round < scale.rounds + scale.warmUps; round += 1) {
      const one = await child.ask<Made>('make', { worlds, skus: scale.skus })
      // The first round builds the catalogue, and the code is compiled meanwhile.
      if (round >= scale.warmUps) made.push(one)
    }
    const wallMs = spreadOf(made.map((one) => one.wallMs))
    const cpuMs = spreadOf(made.map((one) => one.cpuMs))
    const kib = spreadOf(made.map((one) => one.heapBytes / 1024))
    const isFast = wallMs.median < wallMsTarget
    const isSmall = kib.median < kibTarget
    return [
      {
        title: `worlds over a catalogue of ${scale.skus} SKUs`,
        lines: [
          `a second         ${(1000 / wallMs.median).toFixed(0)}`,
          `a world takes    ${renderSpread(wallMs, 2)} ms, target ${wallMsTarget} ms: ${renderMet(isFast)}`,
          `CPU of one       ${renderSpread(cpuMs, 2)} ms`,
          `and holds        ${renderSpread(kib, 0)} KiB, target ${kibTarget} KiB: ${renderMet(isSmall)}`,
        ],
        figures: { wallMs, cpuMs, kib, wallMsTarget, kibTarget },
        isMet: isFast && isSmall,
      },
    ]
  } finally {
    await child.close()
  }
}
