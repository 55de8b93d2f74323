/** The states of a bag that FYND tells of, in their order (fynd.md 6). */
export const toldStates = [
  'bag_confirmed',
  'dp_assigned',
  'bag_picked',
  'out_for_delivery',
  'delivery_done',
] as const

export interface StormStep {
  order: number
  to: (typeof toldStates)[number]
}

/**
 * One iteration of a storm: all orders take a step, then all take the next, so that the steps of one order stay apart in time.
 * Undefined when every order is delivered.
 */
export function planStep(iteration: number, orders: number): StormStep | undefined {
  const to = toldStates[Math.floor(iteration / orders)]
  return to === undefined ? undefined : { order: iteration % orders, to }
}

/** So many that the last iteration still finds one to advance. */
export const ordersFor = (iterations: number): number => Math.ceil(iterations / toldStates.length)

/** Whether a shop that shows `status` has heard of `to`, or of something later. */
export function hasHeard(status: unknown, to: StormStep['to']): boolean {
  const states: readonly unknown[] = toldStates
  return states.indexOf(status) >= states.indexOf(to)
}

/** From event to the end of its last attempt, of the deliveries since then that ended well; milliseconds. */
export function settledLags(
  deliveries: readonly {
    state: string
    created_at: string
    attempts: readonly { ended_at: string | null }[]
  }[],
  sinceMs: number,
): number[] {
  return deliveries.flatMap(({ state, created_at, attempts }) => {
    const ended = attempts[attempts.length - 1]?.ended_at
    const beganMs = Date.parse(created_at)
    return state !== 'delivered' || ended == null || beganMs < sinceMs
      ? []
      : [Date.parse(ended) - beganMs]
  })
}
