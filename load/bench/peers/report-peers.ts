import { type Finding, renderMet } from '../finding.ts'
import { type PairedResult, renderSpread, type Spread, spreadOf } from '../rounds.ts'
import type { Peer, PeerQuestion } from './peer.ts'

/** Of one peer: measured, or left out and why. */
export interface Outcome {
  peer: Pick<Peer, 'name' | 'version' | 'does' | 'readsBody'>
  result?: PairedResult
  leftOut?: string
}

interface Measured {
  peer: Outcome['peer']
  rate: Spread
  ofFloor: Spread
  /** How many times its rate the simulator has; each was measured beside the floor, and that is what is compared. */
  simulatorTimes: number
}

/** Goals of the issue about speed, for the questions whose body must be read: ahead of all, or twice the best. */
const goals: Partial<Record<PeerQuestion, readonly number[]>> = { inventory: [1], order: [1, 2] }

/** Goals are told and never make a run red; a peer that was not measured is not beaten. */
export function reportPeers({
  title,
  question,
  simulator,
  outcomes,
}: {
  title: string
  question: PeerQuestion
  simulator: PairedResult
  outcomes: readonly Outcome[]
}): Finding {
  const own = spreadOf(simulator.ratios).median
  const measured = outcomes.flatMap(({ peer, result }) => {
    if (!result) return []
    const ofFloor = spreadOf(result.ratios)
    return [{ peer, rate: spreadOf(result.rates), ofFloor, simulatorTimes: own / ofFloor.median }]
  })
  const leftOut = outcomes.filter(({ result }) => !result)
  const readers = outcomes.filter(({ peer }) => peer.readsBody)
  const found = judgeGoals(
    goals[question] ?? [],
    measured.filter(({ peer }) => peer.readsBody),
    readers.length,
  )
  return {
    title: `${title}: peers`,
    lines: [
      ...measured.flatMap((each) => renderMeasured(each, question)),
      ...leftOut.map(
        ({ peer, leftOut: why = '' }) =>
          `${nameOf(peer)} left out: ${why.replace(/\s+/g, ' ').slice(0, 300)}`,
      ),
      ...found.map(({ line }) => line),
    ],
    figures: {
      peers: measured.map(({ peer, ...figures }) => ({ ...peer, ...figures })),
      leftOut: leftOut.map(({ peer, leftOut: why }) => ({ ...peer, why })),
      goals: found.map(({ line: _, ...goal }) => goal),
    },
    isMet: true,
  }
}

const nameOf = ({ name, version }: Outcome['peer']) => `${name} ${version}`.padEnd(16)

const renderMeasured = (
  { peer, rate, ofFloor, simulatorTimes }: Measured,
  question: PeerQuestion,
): string[] => [
  `${nameOf(peer)} ${renderSpread(rate, 0)}, of the floor ${renderSpread(ofFloor, 2)}; simulator ${simulatorTimes.toFixed(2)} times it`,
  `                 ${question === 'stock' ? 'a fixed answer; keeps state: no' : peer.does}`,
]

/** `least` times the best peer that reads the body; undefined when none was measured. */
function judgeGoals(wanted: readonly number[], readers: readonly Measured[], all: number) {
  const least = Math.min(...readers.map(({ simulatorTimes }) => simulatorTimes))
  const of = `the ${readers.length} of ${all} peers that read the body and were measured`
  return wanted.map((times) => {
    const isMet = readers.length === 0 ? undefined : times === 1 ? least > 1 : least >= times
    const what = times === 1 ? `ahead of ${of}` : `at ${times} times the best of ${of}`
    const told = isMet === undefined ? 'not known' : `${least.toFixed(2)}: ${renderMet(isMet)}`
    return { times, measured: readers.length, isMet, line: `goal             ${what}: ${told}` }
  })
}
