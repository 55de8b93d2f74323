import { isPeerQuestion, peerQuestions } from './peers/peer.ts'

/** How much of everything is asked. */
export interface Scale {
  skus: number
  orders: number
  faults: number
  rounds: number
  warmUps: number
  /** Part of each question's requests in a round. */
  part: number
}

/** The world of the targets. */
export const fullScale: Scale = {
  skus: 100_000,
  orders: 10_000,
  faults: 200,
  rounds: 9,
  // Until the code is compiled and the journal is full and lets go; measured: both are steady then.
  warmUps: 6,
  part: 1,
}

/** Only shows that every question can be asked: its figures say nothing. */
export const quickScale: Scale = {
  skus: 1_000,
  orders: 100,
  faults: 20,
  rounds: 2,
  warmUps: 1,
  part: 0.05,
}

export interface Options {
  questions: readonly string[]
  scale: Scale
  isQuick: boolean
  /** A missed target does not turn the exit code red. */
  isTold: boolean
  /** Where the simulator's process leaves a CPU profile; undefined: nowhere. */
  profileFolder: string | undefined
  /** Other tools are asked as well, where they can answer. */
  isWithPeers: boolean
}

const flags = ['--tell', '--quick', '--profile', '--peers']

/** Of a command line. Without questions: all. Throws an error to show as it is. */
export function readOptions(words: readonly string[], known: readonly string[]): Options {
  const given = words.filter((word) => !word.startsWith('--'))
  const wrongFlag = words.find((word) => word.startsWith('--') && !flags.includes(word))
  if (wrongFlag) throw new Error(`Unknown option ${wrongFlag}. Known: ${flags.join(', ')}.`)
  const wrong = given.find((word) => !known.includes(word))
  if (wrong !== undefined) {
    throw new Error(`Unknown question "${wrong}". Known: ${known.join(', ')}.`)
  }
  const isQuick = words.includes('--quick')
  const isWithPeers = words.includes('--peers')
  const questions = given.length === 0 ? known : known.filter((name) => given.includes(name))
  if (isWithPeers && !questions.some(isPeerQuestion)) {
    throw new Error(`Peers answer none of these. They can be asked: ${peerQuestions.join(', ')}.`)
  }
  return {
    questions,
    scale: isQuick ? quickScale : fullScale,
    isQuick,
    isTold: isQuick || words.includes('--tell'),
    profileFolder: words.includes('--profile') ? 'out/profiles' : undefined,
    isWithPeers,
  }
}
