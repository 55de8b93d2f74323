import type { World } from '../simulators/core/world.ts'

/** Base URLs and credentials of every partner, aligned, ready to paste. */
export function renderPartners(world: World): string {
  return world.partners
    .map(({ name, title }) => {
      const values = { base_url: world.baseUrl(name), ...world.credentials(name) }
      const lines = Object.entries(values).map(([key, value]) => `  ${key.padEnd(18)} ${value}`)
      return `${name} (${title})\n${lines.join('\n')}`
    })
    .join('\n\n')
}
