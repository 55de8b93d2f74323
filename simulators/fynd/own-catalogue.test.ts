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

interface StockStatus {
  items: {
    identifier: { sku_code: string }
    quantity: number
    price: { effective: number }
    store: { code: string; name: string; city: string }
  }[]
}

test('a world that begins with it has nothing else', async () => {
  const shop = createRehearsal({}, { catalogue: own })
  const { body } = await shop.get<StockStatus>(
    '/inventory/stock-status?sku_code=KURTA-S,MUG-1,TEE-M',
  )
  expect(body.items).toMatchObject([
    { quantity: 4, price: { effective: 799.5 }, store: { code: 'PUN-01', city: 'Pune' } },
    { quantity: 2, store: { code: 'BLR-01', name: 'Bengaluru Indiranagar', city: 'Bengaluru' } },
    { quantity: 3, store: { code: 'PUN-01' } },
  ])
  const line = [{ sku: 'KURTA-S' }]
  expect((await shop.place({ pincode: '411001', mode: 'PREPAID', lines: line })).status).toBe(200)
  expect((await shop.place({ id: '2', pincode: '411001', lines: line })).status).toBe(422)
  expect((await shop.place({ id: '3', pincode: '560001', lines: line })).status).toBe(422)
  expect(shop.world.judge().breaches).toEqual([])
})

test('a file without pincodes leaves the usual ones', async () => {
  const stock = parseOwnCatalogue('sku,price,store,quantity\nA,9,S,1\n', 'own.csv')
  const shop = createRehearsal({}, { catalogue: stock })
  expect((await shop.place({ lines: [{ sku: 'A' }] })).status).toBe(200)
})

test('worlds share one that is built once, and leave it as it is', async () => {
  const [one, other] = [
    createRehearsal({}, { catalogue: own }),
    createRehearsal({}, { catalogue: own }),
  ]
  one.act('fynd.stock.set', { sku: 'MUG-1', store: 'PUN-01', quantity: 9 })
  expect(one.sellable('MUG-1', 'PUN-01')).toBe(9)
  expect(other.sellable('MUG-1', 'PUN-01')).toBe(3)
  expect(createRehearsal().sellable('TEE-M', 'BLR-01')).toBe(10)
})

test.each([
  ['text', { text: csv }],
  [
    'rows',
    {
      stock: [
        { sku: 'KURTA-S', item: 'KURTA', size: 'S', price: 799.5, store: 'PUN-01', quantity: 4 },
        { sku: 'KURTA-S', item: 'KURTA', size: 'S', price: 799.5, store: 'BLR-01', quantity: 2 },
        { sku: 'MUG-1', price: 100, store: 'PUN-01', quantity: 3 },
      ],
      pincodes: [{ pincode: 411001, cod: false }],
    },
  ],
])(
  'loaded into a running world as %s: the delta tells what is gone and what is new',
  async (_name, input) => {
    const shop = createRehearsal()
    shop.act('fynd.stock.set', { sku: 'TEE-M', store: 'BLR-01', quantity: 1 })
    expect(shop.act('fynd.catalogue.load', input)).toEqual({
      skus: 2,
      stores: ['PUN-01', 'BLR-01'],
      pincodes: 1,
    })
    const { body } = await shop.get<{ items: { sku_code: string }[] }>(
      '/inventory/changes?timestamp=2026-01-05T04:30:00Z',
    )
    const changed = body.items.map((item) => item.sku_code)
    expect(changed).toEqual(expect.arrayContaining(['TEE-M', 'SHOE-9', 'KURTA-S', 'MUG-1']))
    expect(shop.things('stock')).toHaveLength(3)
    expect(shop.sellable('KURTA-S', 'PUN-01')).toBe(4)
    expect(shop.world.judge().breaches).toEqual([])
  },
)

test('says which row and column is wrong, and changes nothing', () => {
  const shop = createRehearsal()
  const before = shop.world.state('fynd')
  const bad = csv.replace('2,no', 'two,no')
  expect(() => shop.act('fynd.catalogue.load', { text: bad })).toThrow(
    'catalogue, row 3, column quantity: "two" is no whole number of pieces',
  )
  expect(() => shop.act('fynd.catalogue.load', { text: csv, stock: [] })).toThrow(/exactly one/)
  expect(shop.world.state('fynd')).toEqual(before)
})

test('not after the first order', async () => {
  const shop = createRehearsal()
  await shop.place()
  expect(() => shop.act('fynd.catalogue.load', { text: csv })).toThrow(/orders already/)
})
