import { z } from 'zod'
import type { Partner } from '../partner.ts'
import type { World } from '../world.ts'
import type { ControlRoutes } from './control-routes.ts'
import { unknown } from './house.ts'
import { readJson } from './read-json.ts'
import { render } from './render.ts'

export function assumptionRoutes({ app, house }: ControlRoutes): void {
  app.get('/_sim/worlds/:world/assumptions', (c) => {
    const { world } = house.get(c.req.param('world'))
    const partners = world.partners.map(({ name }) => [name, showAssumptions(world, name)])
    return render({ assumptions: Object.fromEntries(partners) })
  })
  app.get('/_sim/worlds/:world/assumptions/:partner', (c) => {
    const { world } = house.get(c.req.param('world'))
    return render({ assumptions: showAssumptions(world, c.req.param('partner')) })
  })
  app.patch('/_sim/worlds/:world/assumptions/:partner', async (c) => {
    const { world } = house.get(c.req.param('world'))
    const partner = find(world, c.req.param('partner')).name
    const values = await readJson(c.req.raw, z.record(z.string(), z.unknown()))
    world.setAssumptions(partner, values)
    return render({ assumptions: showAssumptions(world, partner) })
  })
}

function showAssumptions(world: World, name: string) {
  const values = world.assumptions(find(world, name).name)
  const switches = listAssumptions([find(world, name)])
  return Object.fromEntries(
    switches.map((each) => [
      each.name,
      { value: values[each.name], default: each.default, about: each.about },
    ]),
  )
}

function find(world: World, name: string): Partner {
  const partner = world.partners.find((each) => each.name === name)
  if (partner) return partner
  throw unknown(
    'partner',
    name,
    world.partners.map((each) => each.name),
  )
}

/** Every switch with its default and what it decides, as `understudy list assumptions` shows it. */
export function listAssumptions(
  partners: readonly Partner[],
): { partner: string; name: string; default: unknown; about: string; schema: unknown }[] {
  return partners.flatMap((partner) => {
    const { properties = {} } = z.toJSONSchema(partner.assumptions, {
      io: 'input',
      unrepresentable: 'any',
    })
    return Object.entries(properties).flatMap(([name, property]) => {
      if (typeof property === 'boolean') return []
      const { default: value = null, description: about = '', ...schema } = property
      return [{ partner: partner.name, name, default: value, about, schema }]
    })
  })
}
