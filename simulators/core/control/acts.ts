import { z } from 'zod'
import type { Partner } from '../partner.ts'
import type { ControlRoutes } from './control-routes.ts'
import { unknown } from './house.ts'
import { readJson } from './read-json.ts'
import { render } from './render.ts'

/** A catalogue may come as the input of an act. */
const actBytesMax = 16 * 1024 * 1024

export function actRoutes({ app, house }: ControlRoutes): void {
  app.get('/_sim/worlds/:world/acts', (c) => {
    const { world } = house.get(c.req.param('world'))
    return render({ acts: listActs(world.partners) })
  })
  app.post('/_sim/worlds/:world/acts/:act', async (c) => {
    const { world, time } = house.get(c.req.param('world'))
    const name = c.req.param('act')
    const known = world.partners.flatMap(({ acts }) => Object.keys(acts))
    if (!known.includes(name)) throw unknown('act', name, known)
    const input = await readJson(c.req.raw, z.record(z.string(), z.unknown()), actBytesMax)
    const result = world.act(name, input)
    await time?.rest()
    return render({ act: name, seq: world.seq, result: result ?? null })
  })
}

/** Every act with its JSON Schema, as editors and `understudy list acts` read it. */
export function listActs(
  partners: readonly Partner[],
): { name: string; partner: string; about: string; input: unknown }[] {
  return partners.flatMap((partner) =>
    Object.entries(partner.acts).map(([name, { about, input }]) => ({
      name,
      partner: partner.name,
      about,
      input: z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }),
    })),
  )
}
