import { expect, test } from 'vitest'
import { parseOwnCatalogue } from './own-catalogue.ts'

const read = (text: string) => parseOwnCatalogue(text, 'own.csv')

const csv = `sku,item,size,price,store,quantity
KURTA-S,KURTA,S,799,PUN-01,4
KURTA-S,KURTA,S,799,GOA-01,2
DUPATTA,,,1299.50,PUN-01,0
`

test('reads stock from CSV: money in paise, item and size may be left out', () => {
  expect(read(csv)).toEqual({
    stock: [
      {
        sku: 'KURTA-S',
        item: 'KURTA',
        size: 'S',
        priceMinor: 79_900,
        store: 'PUN-01',
        quantity: 4,
        city: undefined,
        returnable: true,
      },
      expect.objectContaining({ sku: 'KURTA-S', store: 'GOA-01', quantity: 2 }),
      expect.objectContaining({ sku: 'DUPATTA', item: 'DUPATTA', size: '1', priceMinor: 129_950 }),
    ],
    pincodes: [],
  })
})

test('pincodes stand in rows of their own, under a header of their own, or beside the stock', () => {
  const expected = [
    { pincode: '411001', deliverable: true, cod: false, reverse: true, city: 'Pune' },
    { pincode: '403001', deliverable: false, cod: true, reverse: false, city: undefined },
  ]
  const ownHeader = `${csv}\npincode,deliverable,cod,reverse,city\n411001,yes,no,,Pune\n403001,0,1,N,\n`
  expect(read(ownHeader).pincodes).toEqual(expected)
  const beside = `sku;price;store;quantity;pincode;deliverable;cod;reverse;city
KURTA-S;799;PUN-01;4;411001;true;FALSE;y;Pune
;;;;403001;no;;no;
`
  expect(read(beside)).toMatchObject({ pincodes: expected, stock: [{ city: 'Pune' }] })
})

test('reads what spreadsheets write: BOM, CRLF, quotes, tabs, columns in any order', () => {
  const text = '\uFEFFstore\tSKU\tprice\tquantity\r\n"PUN ""01"""\tKURTA-S\t"799"\t4\r\n\r\n'
  expect(read(text).stock).toMatchObject([{ store: 'PUN "01"', sku: 'KURTA-S', quantity: 4 }])
})

test('reads JSON: a list of rows, or stock and pincodes apart', () => {
  const row = { sku: 'KURTA-S', price: 799.5, store: 'PUN-01', quantity: 4, returnable: false }
  const list = parseOwnCatalogue(JSON.stringify([row]), 'own.json')
  expect(list.stock).toMatchObject([{ priceMinor: 79_950, returnable: false, item: 'KURTA-S' }])
  const both = { stock: [row], pincodes: [{ pincode: 411001, cod: false }] }
  const parts = parseOwnCatalogue(JSON.stringify(both), 'own.json')
  expect(parts.pincodes).toMatchObject([{ pincode: '411001', cod: false, deliverable: true }])
})

test.each([
  ['', 'own.csv, row 1: there is no header line. Columns: sku, item, size, price'],
  ['sku,price\n', 'own.csv, all rows: not one has a sku'],
  ['sku,prize,store\n', 'own.csv, row 1: column "prize" is unknown. Known: sku, item, size, price'],
  ['sku,sku\n', 'own.csv, row 1: column "sku" stands twice'],
  ['sku,price,store,quantity\nA,,S,1', 'own.csv, row 2, column price: is missing'],
  ['sku,price,store,quantity\nA,9,S,1\n\nB,9.999,S,1', 'own.csv, row 4, column price: "9.999"'],
  ['sku,price,store,quantity\nA,0,S,1', 'row 2, column price: "0" is no price in rupees'],
  ['sku,price,store,quantity\nA,9,S,1.5', 'row 2, column quantity: "1.5" is no whole number'],
  ['sku,price,store,quantity\nA,9,S,-1', 'row 2, column quantity: "-1" is no whole number'],
  ['sku,price,store,quantity\nA,9,S,1,5', 'row 2: has 5 cells, the header has 4'],
  ['sku,price,store,quantity\n"A,1",9,S,1', 'row 2, column sku: "A,1" has a comma'],
  ['sku,price,store,quantity\nA,9,S,1\nA,9,S,2', 'row 3, column store: A at S stands in row 2'],
  ['sku,price,store,quantity\nA,9,S,1\nA,8,T,2', 'row 3, column price: A has 9 in row 2'],
  ['sku,size,price,store,quantity\nA,S,9,S,1\nA,M,9,T,2', 'row 3, column size: A has "S" in row 2'],
  ['pincode\n41100', 'row 2, column pincode: "41100" is not six digits'],
  ['pincode,cod\n411001,maybe', 'row 2, column cod: "maybe" is neither yes nor no'],
  ['pincode\n411001\n411001', 'row 3, column pincode: 411001 stands in row 2'],
  ['sku,price\n"A,9', 'row 2: a quote is never closed'],
  ['sku,city\n,Pune', 'row 2: has neither a sku nor a pincode'],
  ['{"stock": [{"sku": "A"}]}', 'stock row 1, column price: is missing'],
  ['{"stocks": []}', 'key stocks: is unknown. Known: stock, pincodes'],
  ['{"stock": {}}', 'key stock: is no list of rows'],
  ['[1]', 'row 1: is no object with columns'],
  ['[{"sku": {}}]', 'row 1, column sku: is neither text, number nor yes or no'],
  ['[{"sku": 1]', 'JSON: '],
])('says where %j is wrong', (text, message) => {
  expect(() => read(text)).toThrow(message)
})
