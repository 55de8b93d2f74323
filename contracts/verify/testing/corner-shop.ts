import { readFileSync } from 'node:fs'

export interface WrittenInteraction {
  description: string
  providerStates?: { name: string; params?: object }[]
  request: Record<string, unknown>
  response: { status: number; body?: unknown }
}

export interface WrittenPact {
  consumer: { name: string }
  provider: { name: string }
  interactions: WrittenInteraction[]
  metadata: object
}

/** The pact that docs/pipeline.md shows: written by hand, for a client that is not ours. */
export const cornerShopFile = new URL(
  '../../../docs/examples/corner-shop-fynd.json',
  import.meta.url,
)

export const readCornerShop = (): WrittenPact => JSON.parse(readFileSync(cornerShopFile, 'utf8'))
