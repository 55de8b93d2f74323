import { openSimulators } from '../../simulators/server.ts'
import { tellCpu } from './cpu.ts'
import type { Target } from './questions.ts'

/** SKUs in the world: the fixed ones and enough beside them for a question about fifty. */
const catalogueSkus = 100
const skusAsked = 50
/** So many that no bench runs out. */
const piecesEach = 10_000_000
const store = 'BLR-01'

// The simulator in a process of its own, as `up` runs it: real clock, journal and all; nobody listens for its webhooks.
const simulators = await openSimulators({ port: 0 })
const { world } = simulators.house.make({ name: 'bench', seed: 1, size: { skus: catalogueSkus } })
const stock = world.things('fynd', 'stock') as { sku: string }[]
const skus = [...new Set(stock.map(({ sku }) => sku))].slice(0, skusAsked)
for (const sku of skus) world.act('fynd.stock.set', { sku, store, quantity: piecesEach })
const { affiliate_id = '', token = '', secret = '' } = world.credentials('fynd')
const baseUrl = new URL(world.baseUrl('fynd'))

process.send?.({
  port: Number(baseUrl.port),
  path: `${baseUrl.pathname}/v1/affiliates/${affiliate_id}`,
  affiliateId: affiliate_id,
  token,
  secret,
  skus,
} satisfies Target)
tellCpu()
process.once('disconnect', () => process.exit(0))
