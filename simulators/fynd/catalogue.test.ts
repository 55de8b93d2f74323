import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseOwnCatalogue } from '../core/own-catalogue.ts'
import { buildCatalogue } from './catalogue.ts'

test('the named part is there at every size', () => {
  for (const size of [{}, { skus: 3, stores: 1 }, { skus: 300, stores: 20 }]) {
    const catalogue = buildCatalogue(size)
    expect(catalogue.stores.slice(0, 3).map((store) => store.code)).toEqual([
      'BLR-01',
      'DEL-01',
      'BOM-01',
    ])
    expect([...catalogue.skus.keys()].slice(0, 8)).toEqual([
      'TEE-S',
      'TEE-M',
      'TEE-L',
      'TEE-XL',
      'SHOE-8',
      'SHOE-9',
      'MUG-1',
      'SOFA-1',
    ])
    expect(catalogue.skus.get('TEE-M')?.rows.map((row) => row.sellable)).toEqual([10, 5, 3])
    expect(catalogue.skus.get('MUG-1')?.returnable).toBe(false)
    expect(catalogue.skus.get('SHOE-9')?.effectiveMinor).toBe(129_950)
    expect(catalogue.pincodes.has('999999')).toBe(false)
    expect(catalogue.pincodes.get('781001')).toMatchObject({ deliverable: true, cod: false })
    expect(catalogue.pincodes.get('744101')).toMatchObject({ deliverable: true, reverse: false })
    expect(catalogue.pincodes.get('194101')).toMatchObject({ deliverable: false })
  }
})

test('a bigger catalogue has as many SKUs and stores as asked for, the same each time', () => {
  const one = buildCatalogue({ skus: 300, stores: 20 })
  expect(one.skus.size).toBe(300)
  expect(one.stores.length).toBe(20)
  expect(new Set(one.stores.map((store) => store.id)).size).toBe(20)
  expect([...one.skus]).toEqual([...buildCatalogue({ skus: 300, stores: 20 }).skus])
  for (const sku of one.skus.values()) {
    expect(sku.rows.length).toBeGreaterThan(0)
    expect(sku.effectiveMinor).toBeLessThanOrEqual(sku.markedMinor)
    expect(Number.isInteger(sku.effectiveMinor)).toBe(true)
  }
})

test('the README names what there is, and its own catalogue can be read', () => {
  const readme = readFileSync(new URL('./README.md', import.meta.url), 'utf8')
  const [, chapter = ''] = readme.split('### Catalogue\n')
  const rows = [
    ...chapter
      .split('### ')
      .slice(0, 1)
      .join('')
      .matchAll(/^\| `.*$/gm),
  ].map(([row]) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
  const said = (is: boolean) => (is ? 'yes' : 'no')
  const { skus, pincodes } = buildCatalogue({})
  expect(rows).toEqual([
    ...[...skus.values()].map((sku) => [
      `\`${sku.sku}\``,
      String(sku.effectiveMinor / 100),
      sku.rows.map((row) => row.sellable).join(', '),
      said(sku.returnable),
    ]),
    ...[...pincodes.values()].map((place) => [
      `\`${place.pincode}\``,
      place.city,
      ...[place.deliverable, place.cod, place.reverse].map(said),
    ]),
  ])
  const [, csv = ''] = /```csv\n([^`]+)```/.exec(chapter) ?? []
  expect(parseOwnCatalogue(csv, 'README.md')).toMatchObject({
    stock: [
      { sku: 'SCARF-RED', returnable: true },
      { sku: 'CANDLE', returnable: false },
    ],
    pincodes: [{ pincode: '411001', city: 'Pune' }],
  })
})
