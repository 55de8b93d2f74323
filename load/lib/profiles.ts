import type { LoadRun } from './load-run.ts'
import { slowMsOf } from './partner-profile.ts'

/** How hard a script pushes, as shares of the question's own rate. Plain ES: k6 and Vitest both read this. */
export interface Profile {
  about: string
  /** One stage: a constant rate. Several: straight lines from one share to the next. */
  stages: readonly { seconds: number; share: number }[]
}

export const profiles: Record<string, Profile> = {
  smoke: {
    about: 'Seconds on any machine: does the way work at all, and does the judge agree?',
    stages: [{ seconds: 5, share: 0.2 }],
  },
  steady: { about: 'The usual rate for five minutes.', stages: [{ seconds: 300, share: 1 }] },
  spike: {
    about: 'From half the usual rate to three times it and back, in a minute.',
    stages: [
      { seconds: 15, share: 0.5 },
      { seconds: 5, share: 3 },
      { seconds: 20, share: 3 },
      { seconds: 5, share: 0.5 },
      { seconds: 15, share: 0.5 },
    ],
  },
  soak: { about: 'Half the usual rate for an hour.', stages: [{ seconds: 3600, share: 0.5 }] },
}

/** Throws with the names that would do. */
export function findProfile(name: string): Profile {
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined
  if (profile) return profile
  throw new Error(`Unknown profile "${name}". Known: ${Object.keys(profiles).join(', ')}.`)
}

/** A k6 scenario of an open model: iterations begin at their rate, whether or not earlier ones are done. */
export interface ArrivalScenario {
  exec: string
  executor: 'constant-arrival-rate' | 'ramping-arrival-rate'
  timeUnit: string
  preAllocatedVUs: number
  maxVUs: number
  gracefulStop: string
  rate?: number
  duration?: string
  startRate?: number
  stages?: { duration: string; target: number }[]
}

export interface Wanted {
  /** Name of the script's function. */
  exec: string
  /** Iterations a second at the usual rate. */
  ratePerSecond: number
  /** Rate that `--rate` stands for, when the script has several scenarios: all of them grow alike. */
  mainRatePerSecond?: number
  /** Calls that one iteration makes one after the other: the slower the partner, the more users are under way. */
  calls: number
}

type Push = Pick<LoadRun, 'profile' | 'ratePerSecond' | 'durationSeconds' | 'partner'>

/** Users ready for each iteration a second: with none ready an iteration is dropped, so a machine may stall this many seconds. */
const usersPerRate = 2
const usersMin = 10
const usersMax = 2_000

/** The question's rate in the shape of the profile, `--rate` and `--duration` put in. */
export function planScenario(push: Push, wanted: Wanted): ArrivalScenario {
  const stages = stagesOf(push, wanted)
  const top = Math.max(...stages.map(({ rate }) => rate))
  const iterationSeconds = usersPerRate + (wanted.calls * slowMsOf(push.partner)) / 1_000
  const users = Math.min(usersMax, Math.max(usersMin, Math.ceil(top * iterationSeconds)))
  const shared = {
    exec: wanted.exec,
    timeUnit: '1s',
    preAllocatedVUs: users,
    maxVUs: users * 2,
    gracefulStop: '30s',
  }
  const [first, ...more] = stages
  if (first === undefined) throw new Error('A profile needs a stage.')
  return more.length === 0
    ? {
        ...shared,
        executor: 'constant-arrival-rate',
        rate: first.rate,
        duration: `${first.seconds}s`,
      }
    : {
        ...shared,
        executor: 'ramping-arrival-rate',
        startRate: first.rate,
        stages: stages.map(({ seconds, rate }) => ({ duration: `${seconds}s`, target: rate })),
      }
}

/** How long iterations are begun for. */
export const secondsOf = (push: Push): number =>
  stagesOf(push, { exec: '', ratePerSecond: 1, calls: 1 }).reduce(
    (sum, { seconds }) => sum + seconds,
    0,
  )

/** Iterations that the scenario begins at most: what set-up must have ready. */
export function iterationsOf(push: Push, wanted: Wanted): number {
  let before: number | undefined
  let sum = 0
  for (const { seconds, rate } of stagesOf(push, wanted)) {
    sum += (seconds * ((before ?? rate) + rate)) / 2
    before = rate
  }
  return Math.ceil(sum) + 1
}

function stagesOf(push: Push, wanted: Wanted): { seconds: number; rate: number }[] {
  const { stages } = findProfile(push.profile)
  const { ratePerSecond, mainRatePerSecond = ratePerSecond } = wanted
  const usual = stages.reduce((sum, { seconds }) => sum + seconds, 0)
  const stretch = (push.durationSeconds ?? usual) / usual
  return stages.map(({ seconds, share }) => {
    // A rate that was named is meant as it is, in the part of the profile that is the busiest.
    const top = Math.max(...stages.map((stage) => stage.share))
    const rate =
      push.ratePerSecond === undefined
        ? ratePerSecond * share
        : (ratePerSecond * (push.ratePerSecond / mainRatePerSecond) * share) / top
    return {
      seconds: Math.max(1, Math.round(seconds * stretch)),
      rate: Math.max(1, Math.round(rate)),
    }
  })
}
