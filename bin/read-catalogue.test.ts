import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { CommandError } from './command-error.ts'
import { readCatalogue } from './read-catalogue.ts'

const folder = mkdtempSync(join(tmpdir(), 'catalogue-'))
afterAll(() => rmSync(folder, { recursive: true }))

const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

test('reads CSV and JSON', () => {
  const csv = write('own.csv', 'sku,price,store,quantity\nA,9,S,1\n')
  const json = write('own.json', '[{"sku":"A","price":9,"store":"S","quantity":1}]')
  expect(readCatalogue(csv).stock).toMatchObject([{ sku: 'A', priceMinor: 900, store: 'S' }])
  expect(readCatalogue(json)).toEqual(readCatalogue(csv))
})

test('a mistake ends the command with file, row and column', () => {
  const file = write('bad.csv', 'sku,price,store,quantity\nA,nine,S,1\n')
  const reading = () => readCatalogue(file)
  expect(reading).toThrow(CommandError)
  expect(reading).toThrow(`${file}, row 2, column price: "nine" is no price in rupees`)
  expect(() => readCatalogue(join(folder, 'none.csv'))).toThrow(/Cannot read the catalogue/)
})
