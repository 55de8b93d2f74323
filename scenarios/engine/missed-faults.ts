import { faultsByName } from '../../simulators/core/faults/spec.ts'
import type { World } from '../../simulators/core/world.ts'
import { StepFailed } from './failure.ts'
import type { PlacedStep } from './load.ts'

export interface ArmedByStep {
  step: PlacedStep
  /** Where the world stood when it was armed. */
  armedSeq: number
}

/**
 * A fault that never struck proves nothing: the story would be green without it. Looks at the one with this id, or at all, and forgets
 * them. Throws `StepFailed` with the place of the fault, unless the story says that it may miss.
 */
export function refuseMissed(
  { play: { world }, armed }: { play: { world: World }; armed: Map<string, ArmedByStep> },
  id?: string,
): void {
  for (const fault of world.faults()) {
    const known = armed.get(fault.id)
    if (known === undefined || (id !== undefined && fault.id !== id)) continue
    armed.delete(fault.id)
    if (fault.applied > 0 || known.step.mayMiss) continue
    const { step, armedSeq } = known
    const came = whatCame(world, fault.spec, armedSeq)
    const matched =
      fault.matched === 0
        ? 'none matched'
        : `${fault.matched} matched, and its counts, its chance or itself let them pass`
    throw new StepFailed(
      [
        `expected  the fault ${fault.id} to strike`,
        `found     it never did: ${came.count === 0 ? `no ${came.what} came` : `${came.count} × ${came.what} came, ${matched}`}`,
        '          take it away, or say may_miss: true beside it, and why',
      ],
      { place: step.place, step: 'fault' },
    )
  }
}

/** What a fault is on, in words, and how much of it came after it was armed. */
function whatCame(
  world: World,
  spec: { name: string; partner: string; on?: string | string[] | undefined },
  armedSeq: number,
): { what: string; count: number } {
  const isOfEvents = faultsByName.get(spec.name)?.family === 'webhook'
  const on = spec.on === undefined ? undefined : [spec.on].flat()
  const came = world
    .journal({ after: armedSeq, kind: isOfEvents ? 'event' : 'request' })
    .filter(({ data: { partner, operation, event, channel } }) => {
      const names = isOfEvents ? [event, channel] : [operation]
      return partner === spec.partner && (!on || names.some((name) => on.includes(String(name))))
    })
  const kind = isOfEvents ? 'event' : 'call'
  const what = on ? `${kind} of ${on.join(', ')}` : `${kind} of ${spec.partner}`
  return { what, count: came.length }
}
