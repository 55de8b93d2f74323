import { z } from 'zod'
import type { ArmedFault, FaultSpec } from '../faults/armed.ts'
import { faultsByName } from '../faults/spec.ts'
import type { ControlRoutes } from './control-routes.ts'
import { unknown } from './house.ts'
import { readJson } from './read-json.ts'
import { render } from './render.ts'

export function faultRoutes({ app, house }: ControlRoutes): void {
  app.get('/_sim/worlds/:world/faults', (c) => {
    const { world } = house.get(c.req.param('world'))
    return render({ faults: world.faults().map(showFault) })
  })
  app.post('/_sim/worlds/:world/faults', async (c) => {
    const { world } = house.get(c.req.param('world'))
    // The world checks it against the fault's own options and names what would do.
    const spec = await readJson(c.req.raw, z.record(z.string(), z.unknown()))
    return render(showFault(world.arm(spec as unknown as FaultSpec)), 201)
  })
  app.delete('/_sim/worlds/:world/faults', (c) => {
    const { world } = house.get(c.req.param('world'))
    return render({ disarmed: world.disarm() })
  })
  app.delete('/_sim/worlds/:world/faults/:fault', (c) => {
    const { world } = house.get(c.req.param('world'))
    const id = c.req.param('fault')
    const known = world.faults().map((fault) => fault.id)
    if (!known.includes(id)) throw unknown('armed fault', id, known)
    return render({ disarmed: world.disarm(id) })
  })
}

const showFault = ({ id, spec, armedMs, matched, applied }: ArmedFault) => ({
  id,
  name: spec.name,
  partner: spec.partner,
  armed_at: new Date(armedMs).toISOString(),
  matched,
  applied,
  spec,
})

/** Every fault with the JSON Schema of its own options, as `understudy list faults` shows it. */
export const listFaults = (): {
  name: string
  family: 'http' | 'batch' | 'webhook'
  about: string
  options: unknown
}[] =>
  [...faultsByName.values()].map(({ family, code }) => ({
    name: code.name,
    family,
    about: code.about,
    options: z.toJSONSchema(code.options, { io: 'input', unrepresentable: 'any' }),
  }))
