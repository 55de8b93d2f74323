import { expect, test } from 'vitest'
import { parseOwnCatalogue } from '../../../simulators/core/own-catalogue.ts'
import { ownRange } from './own-range.ts'

test('an item is a product with its sizes as options, unless its prices or sizes do not allow it', () => {
  const own = parseOwnCatalogue(
    `sku,item,size,price,store,quantity
KURTA-S,KURTA,S,799,PUN-01,4
KURTA-S,KURTA,S,799,GOA-01,4
KURTA-M,KURTA,M,799,PUN-01,4
RING-1,RING,1,100,PUN-01,4
RING-2,RING,2,150,PUN-01,4
`,
    'own.csv',
  )
  expect(ownRange(own).products).toEqual([
    {
      id: 'KURTA',
      title: 'KURTA',
      price_minor: 79_900,
      options: [
        { value: 'S', sku: 'KURTA-S' },
        { value: 'M', sku: 'KURTA-M' },
      ],
    },
    {
      id: 'RING-1',
      title: 'RING 1',
      price_minor: 10_000,
      options: [{ value: '1', sku: 'RING-1' }],
    },
    {
      id: 'RING-2',
      title: 'RING 2',
      price_minor: 15_000,
      options: [{ value: '2', sku: 'RING-2' }],
    },
  ])
})
