import { expect, test } from 'vitest'
import { parseOwnCatalogue } from '../core/own-catalogue.ts'
import { createRehearsal } from './testing/rehearsal.ts'

const csv = `sku,item,size,price,store,quantity,returnable,city
KURTA-S,KURTA,S,799.50,PUN-01,4,no,Pune
KURTA-S,KURTA,S,799.50,BLR-01,2,no,
MUG-1,MUG,1,100,PUN-01,3,,Pune
pincode,deliverable,cod,reverse,city
411001,yes,no,yes,Pune
`
const own = parseOwnCatalogue(csv, 'own.csv')

test('a world that begins with it pushes and sells that, and nothing else', async () => {
  const shop = createRehearsal({}, { catalogue: own })
  shop.act('arvind.inventory.push')
  expect(shop.pushes()[0]?.body.inventories).toMatchObject([
    { skuId: 'KURTA-S', quantity: 6 },
    { skuId: 'MUG-1', quantity: 3 },
  ])
  const lines = [{ skuId: 'KURTA-S' }]
  expect((await shop.push({ pincode: '411001', isCod: false, lines })).body.status).toBe(true)
  expect((await shop.push({ id: '10000000018', lines: [{ skuId: 'TEE-M' }] })).body.status).toBe(
    false,
  )
  // Pune's own centre is nearest.
  shop.advance(60_000)
  expect(shop.row('KURTA-S', 'PUN-01')).toMatchObject({ sellable: 3, committed: 1 })
  expect(shop.world.judge().breaches).toEqual([])
})

test('a file without pincodes leaves the usual ones', async () => {
  const stock = parseOwnCatalogue('sku,price,store,quantity\nA,9,S,1\n', 'own.csv')
  const shop = createRehearsal({}, { catalogue: stock })
  expect((await shop.push({ lines: [{ skuId: 'A' }] })).body.status).toBe(true)
})

test('a big catalogue fills up what the user brought', () => {
  const shop = createRehearsal({}, { catalogue: own, size: { skus: 5, stores: 4 } })
  expect(shop.things('stock').length).toBeGreaterThan(3)
  expect(shop.total('KURTA-S')).toBe(6)
})
