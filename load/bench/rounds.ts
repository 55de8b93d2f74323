/** One contender of a pair: sends the same number of requests in each round. */
export interface Contender<Volley> {
  /** Makes the requests of one round; its time does not count. */
  prepare(round: number): Volley | Promise<Volley>
  /** Sends them and resolves when every answer is there. */
  run(volley: Volley): Promise<unknown>
  /** CPU time of its server so far, in microseconds. */
  cpuUs(): Promise<number>
}

export interface PairedResult {
  requests: number
  /** Requests a second, a value for each round. */
  floorRates: number[]
  rates: number[]
  /** `rate / floorRate` of each pair of rounds. */
  ratios: number[]
  /** CPU time of the server for each request, in microseconds, a value for each round. */
  floorCpuUs: number[]
  cpuUs: number[]
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
  const result: PairedResult = {
    requests,
    floorRates: [],
    rates: [],
    ratios: [],
    floorCpuUs: [],
    cpuUs: [],
  }
  const measure = async (one: Contender<Volley>, round: number) => {
    const volley = await one.prepare(round)
    const begunCpuUs = await one.cpuUs()
    const begunMs = options.nowMs()
    await one.run(volley)
    const wallMs = options.nowMs() - begunMs
    const cpuUs = (await one.cpuUs()) - begunCpuUs
    return { rate: (requests * 1000) / wallMs, cpuUs: cpuUs / requests }
  }
  for (let round = 0; round < options.rounds + warmUps; round++) {
    const isFloorFirst = round % 2 === 0
    const [first, second] = isFloorFirst ? [floor, contender] : [contender, floor]
    const one = await measure(first, round)
    const other = await measure(second, round)
    if (round < warmUps) continue
    const [least, given] = isFloorFirst ? [one, other] : [other, one]
    result.floorRates.push(least.rate)
    result.rates.push(given.rate)
    result.ratios.push(given.rate / least.rate)
    result.floorCpuUs.push(least.cpuUs)
    result.cpuUs.push(given.cpuUs)
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
