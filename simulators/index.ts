import { arvind } from './arvind/index.ts'
import type { Partner } from './core/partner.ts'
import { createWorld as createWorldOf, type World, type WorldOptions } from './core/world.ts'
import { fynd } from './fynd/index.ts'
import { konnect } from './konnect/index.ts'
import { paymentGateway } from './payment-gateway/index.ts'

export { createConductor } from './core/conductor.ts'
export type { World, WorldOptions } from './core/world.ts'

/** Every partner there is: one line each. */
export const partners: readonly Partner[] = [fynd, arvind, konnect, paymentGateway]

/**
 * A world with all partners, in this process and without a socket; with `from` (a snapshot) one that stands where the snapshot was
 * taken. In a test: `const world = createWorld({ seed: 7 })`, then `world.fetch(request)`, `world.act(name, input)`.
 */
export const createWorld = (options: Partial<WorldOptions> = {}, from?: string): World =>
  createWorldOf({ partners, ...options }, from)
