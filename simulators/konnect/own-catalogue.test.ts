import { expect, test } from 'vitest'
import { parseOwnCatalogue } from '../core/own-catalogue.ts'
import { createRehearsal } from './testing/rehearsal.ts'

const csv = `sku,item,size,price,store,quantity,returnable,city
KURTA-S,KURTA,S,799.50,PUN-01,4,no,Pune
KURTA-M,KURTA,M,899,PUN-01,5,no,Pune
KURTA-S,KURTA,S,799.50,BLR-01,2,no,
MUG-1,MUG,1,100,PUN-01,3,,Pune
pincode,deliverable
411001,yes
194102,no
`
const own = parseOwnCatalogue(csv, 'own.csv')

test('a world that begins with it lists, counts and sells that, and nothing else', () => {
  const seller = createRehearsal({}, { catalogue: own })
  expect(seller.things('stock')).toHaveLength(4)
  expect(seller.stock('KURTA-S', 'PUN-01')).toMatchObject({ sellable: 4 })
  const placed = seller.place({ lines: [{ sku: 'KURTA-M' }], pincode: '411001' })
  expect(placed).toMatchObject({ location: 'PUN-01', items: [{ sku: 'KURTA-M' }] })
  expect(seller.stock('KURTA-M', 'PUN-01')).toMatchObject({ sellable: 4, committed: 1 })
  expect(() => seller.place()).toThrow('TEE-M')
  expect(seller.world.judge().breaches).toEqual([])
})

test('an item is a product with its SKUs as sizes, in the words of the wire', async () => {
  const seller = createRehearsal({}, { catalogue: own })
  const text = JSON.stringify(await seller.get('/v3/catalog/product'))
  const codes = [...text.matchAll(/"item_code":"([^"]+)"/g)].map(([, code]) => code)
  // The newest first.
  expect(codes).toEqual(['MUG', 'KURTA'])
  expect(text).toContain('KURTA-M')
  expect(text).not.toContain('TEE')
})

test('a big catalogue fills up what the user brought', () => {
  const seller = createRehearsal({}, { catalogue: own, size: { skus: 6, stores: 4 } })
  expect(seller.things('stock').length).toBeGreaterThan(4)
})
