/** One contender of a pair: sends the same number of requests in each round. */
export interface Contender<Volley> {
  /** Makes the requests of one round; its time does not count. */
  prepare(round: number): Volley
  /** Sends them and resolves when every answer is there. */
  run(volley: Volley): Promise<void>
}

export interface PairedResult {
  requests: number
  /** Requests a second, a value for each round. */
  floorRates: number[]
  rates: number[]
  /** `rate / floorRate` of each pair of rounds. */
  ratios: number[]
}

/**
 * Runs two contenders in turns and compares each round with the one beside it, so that a slow moment of the machine hits both. Who
 * begins alternates. The first `warmUps` pairs do not count.
 */
export async function runPaired<Volley>(options: {
  floor: Contender<Volley>
  contender: Contender<Volley>
  requests: number
  rounds: number
  warmUps: number
  nowMs(): number
}): Promise<PairedResult> {
  const { floor, contender, requests, warmUps } = options
  const result: PairedResult = { requests, floorRates: [], rates: [], ratios: [] }
  const rateOf = async (one: Contender<Volley>, round: number) => {
    const volley = one.prepare(round)
    const begunMs = options.nowMs()
    await one.run(volley)
    return (requests * 1000) / (options.nowMs() - begunMs)
  }
  for (let round = 0; round < options.rounds + warmUps; round++) {
    let rate = 0
    let floorRate = 0
    if (round % 2 === 0) {
      floorRate = await rateOf(floor, round)
      rate = await rateOf(contender, round)
    } else {
      rate = await rateOf(contender, round)
      floorRate = await rateOf(floor, round)
    }
    if (round < warmUps) continue
    result.floorRates.push(floorRate)
    result.rates.push(rate)
    result.ratios.push(rate / floorRate)
  }
  return result
}

export interface Spread {
  min: number
  median: number
  max: number
}

/** Of a list that is not empty. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const half = (sorted.length - 1) / 2
  const median = ((sorted[Math.floor(half)] ?? 0) + (sorted[Math.ceil(half)] ?? 0)) / 2
  return { min: sorted[0] ?? 0, median, max: sorted.at(-1) ?? 0 }
}

/** `0.47 (0.44 to 0.51)` */
export const renderSpread = ({ min, median, max }: Spread, digits: number): string =>
  `${median.toFixed(digits)} (${min.toFixed(digits)} to ${max.toFixed(digits)})`

/** Where two JSON values differ in shape: fields missing or added, other types. Arrays are compared by their first element. */
export function differenceInShape(wanted: unknown, given: unknown, path = ''): string | undefined {
  if (Array.isArray(wanted) && Array.isArray(given)) {
    return wanted.length === 0 && given.length === 0
      ? undefined
      : differenceInShape(wanted[0], given[0], `${path}/0`)
  }
  if (isObject(wanted) && isObject(given)) {
    const names = new Set([...Object.keys(wanted), ...Object.keys(given)])
    for (const name of names) {
      const found = differenceInShape(wanted[name], given[name], `${path}/${name}`)
      if (found !== undefined) return found
    }
    return undefined
  }
  const [one, other] = [kindOf(wanted), kindOf(given)]
  return one === other ? undefined : `${path || '/'}: ${one} against ${other}`
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const kindOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
