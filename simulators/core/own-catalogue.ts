import { BadInput } from './bad-input.ts'

/** A user's own stores, SKUs and pincodes, read from a file (design 5, `catalogue.ts`). Plain data; money in paise. */
export interface OwnCatalogue {
  stock: OwnStock[]
  /** None: the partner's usual ones. */
  pincodes: OwnPincode[]
}

/** One SKU in one store. */
export interface OwnStock {
  sku: string
  item: string
  size: string
  priceMinor: number
  store: string
  quantity: number
  /** Of the store. */
  city: string | undefined
  returnable: boolean
}

export interface OwnPincode {
  pincode: string
  deliverable: boolean
  cod: boolean
  reverse: boolean
  city: string | undefined
}

/** More is refused: a catalogue is for people, `size` is for load. */
export const ownRowsMax = 200_000

/** As a file has it: text by column name, and how a message calls the row. */
interface Row {
  name: string
  values: Record<string, string>
}

const stockColumns = ['sku', 'item', 'size', 'price', 'store', 'quantity', 'returnable'] as const
const pincodeColumns = ['pincode', 'deliverable', 'cod', 'reverse'] as const
const columns: readonly string[] = [...stockColumns, ...pincodeColumns, 'city']

/**
 * Reads CSV or JSON. CSV: a header line, columns in any order, commas, semicolons or tabs; a row may tell of stock (sku, price, store,
 * quantity), of a pincode, or of both; another header line begins another part. JSON: a list of such rows, or `{ stock, pincodes }`.
 * Throws `BadInput` that names file, row and column.
 */
export function parseOwnCatalogue(text: string, file: string): OwnCatalogue {
  const clean = text.replace(/^\uFEFF/, '')
  const fail = (where: string, why: string): never => {
    throw new BadInput(`${file}, ${where}: ${why}`)
  }
  const rows = /^\s*[[{]/.test(clean) ? readJsonRows(clean, fail) : readCsvRows(clean, fail)
  if (rows.length > ownRowsMax) fail(`row ${ownRowsMax + 1}`, `at most ${ownRowsMax} rows`)
  return readRows(rows, fail)
}

type Fail = (where: string, why: string) => never

function readRows(rows: readonly Row[], fail: Fail): OwnCatalogue {
  const stock: OwnStock[] = []
  const pincodes: OwnPincode[] = []
  const seen = createSeen(fail)
  for (const row of rows) {
    const has = (names: readonly string[]) => names.some((name) => row.values[name])
    const isStock = has(stockColumns)
    const isPincode = has(pincodeColumns)
    if (!isStock && !isPincode) fail(row.name, 'has neither a sku nor a pincode')
    if (isStock) {
      const read = readStock(row, fail)
      seen.stock(row, read)
      stock.push(read)
    }
    if (isPincode) {
      const read = readPincode(row, fail)
      seen.pincode(row, read)
      pincodes.push(read)
    }
  }
  if (stock.length === 0) fail('all rows', 'not one has a sku: there is nothing to sell')
  return { stock, pincodes }
}

/** What one row says must not contradict another. */
function createSeen(fail: Fail) {
  const places = new Map<string, string>()
  const skus = new Map<string, { row: string; read: OwnStock }>()
  const cities = new Map<string, { row: string; city: string }>()
  const pincodes = new Map<string, string>()
  return {
    stock({ name }: Row, read: OwnStock) {
      const { sku, store, city } = read
      const place = places.get(`${sku}\n${store}`)
      if (place) fail(`${name}, column store`, `${sku} at ${store} stands in ${place} already`)
      places.set(`${sku}\n${store}`, name)
      const first = skus.get(sku)
      if (!first) skus.set(sku, { row: name, read })
      for (const column of ['item', 'size', 'priceMinor', 'returnable'] as const) {
        if (!first || first.read[column] === read[column]) continue
        const label = column === 'priceMinor' ? 'price' : column
        const told = column === 'priceMinor' ? first.read.priceMinor / 100 : first.read[column]
        fail(`${name}, column ${label}`, `${sku} has ${JSON.stringify(told)} in ${first.row}`)
      }
      const known = cities.get(store)
      if (city === undefined) return
      if (known && known.city !== city) {
        fail(`${name}, column city`, `${store} is in "${known.city}" in ${known.row}`)
      }
      cities.set(store, { row: name, city })
    },
    pincode({ name }: Row, { pincode }: OwnPincode) {
      const before = pincodes.get(pincode)
      if (before) fail(`${name}, column pincode`, `${pincode} stands in ${before} already`)
      pincodes.set(pincode, name)
    },
  }
}

function readStock(row: Row, fail: Fail): OwnStock {
  const needed = (column: string): string => {
    const value = row.values[column]
    return value || fail(`${row.name}, column ${column}`, 'is missing')
  }
  const sku = name(row, 'sku', needed('sku'), fail)
  return {
    sku,
    item: name(row, 'item', row.values.item || sku, fail),
    size: name(row, 'size', row.values.size || '1', fail),
    priceMinor: price(row, needed('price'), fail),
    store: name(row, 'store', needed('store'), fail),
    quantity: quantity(row, needed('quantity'), fail),
    city: row.values.city || undefined,
    returnable: yes(row, 'returnable', fail),
  }
}

function readPincode(row: Row, fail: Fail): OwnPincode {
  const pincode = row.values.pincode ?? ''
  if (!/^[1-9][0-9]{5}$/.test(pincode)) {
    fail(`${row.name}, column pincode`, `"${pincode}" is not six digits, the first not 0`)
  }
  return {
    pincode,
    deliverable: yes(row, 'deliverable', fail),
    cod: yes(row, 'cod', fail),
    reverse: yes(row, 'reverse', fail),
    city: row.values.city || undefined,
  }
}

function name(row: Row, column: string, value: string, fail: Fail): string {
  if (value.length > 100) fail(`${row.name}, column ${column}`, 'is longer than 100 characters')
  // A comma would part it in lists of SKUs.
  if (/[,\n\r]/.test(value))
    fail(`${row.name}, column ${column}`, `"${value}" has a comma or line break`)
  return value
}

function price(row: Row, value: string, fail: Fail): number {
  if (!/^\d{1,9}(\.\d{1,2})?$/.test(value) || Number(value) === 0) {
    fail(`${row.name}, column price`, `"${value}" is no price in rupees like 499 or 1299.50`)
  }
  return Math.round(Number(value) * 100)
}

function quantity(row: Row, value: string, fail: Fail): number {
  if (!/^\d{1,9}$/.test(value)) {
    fail(`${row.name}, column quantity`, `"${value}" is no whole number of pieces`)
  }
  return Number(value)
}

const answers: Readonly<Record<string, boolean>> = {
  yes: true,
  y: true,
  true: true,
  '1': true,
  no: false,
  n: false,
  false: false,
  '0': false,
}

/** Empty: yes. */
function yes(row: Row, column: string, fail: Fail): boolean {
  const value = row.values[column]
  if (!value) return true
  const answer = answers[value.toLowerCase()]
  return answer ?? fail(`${row.name}, column ${column}`, `"${value}" is neither yes nor no`)
}

function readJsonRows(text: string, fail: Fail): Row[] {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    fail('JSON', error instanceof Error ? error.message : String(error))
  }
  if (Array.isArray(parsed)) return toRows(parsed, '', fail)
  const parts = parsed as Record<string, unknown>
  for (const key of Object.keys(parts)) {
    if (key !== 'stock' && key !== 'pincodes') {
      fail(`key ${key}`, 'is unknown. Known: stock, pincodes')
    }
  }
  return ['stock', 'pincodes'].flatMap((key) => toRows(parts[key] ?? [], key, fail))
}

function toRows(list: unknown, key: string, fail: Fail): Row[] {
  if (!Array.isArray(list)) return fail(`key ${key}`, 'is no list of rows')
  return list.map((each: unknown, index) => {
    const place = `${key === '' ? '' : `${key} `}row ${index + 1}`
    if (typeof each !== 'object' || each === null || Array.isArray(each)) {
      return fail(place, 'is no object with columns')
    }
    const values: Record<string, string> = {}
    for (const [column, value] of Object.entries(each)) {
      checkColumn(column, place, fail)
      if (typeof value === 'object' && value !== null) {
        fail(`${place}, column ${column}`, 'is neither text, number nor yes or no')
      }
      values[column] = value === null || value === undefined ? '' : String(value).trim()
    }
    return { name: place, values }
  })
}

function checkColumn(column: string, place: string, fail: Fail): void {
  if (columns.includes(column)) return
  fail(place, `column "${column}" is unknown. Known: ${columns.join(', ')}`)
}

function readCsvRows(text: string, fail: Fail): Row[] {
  const lines = splitCsv(text, fail)
  const rows: Row[] = []
  let header: string[] | undefined
  for (const { number, cells } of lines) {
    const place = `row ${number}`
    if (isHeader(cells)) {
      header = cells.map((cell) => cell.toLowerCase())
      const twice = header.find((column, at) => column !== '' && header?.indexOf(column) !== at)
      if (twice) fail(place, `column "${twice}" stands twice`)
      continue
    }
    if (!header) {
      for (const cell of cells) checkColumn(cell.toLowerCase(), place, fail)
      fail(place, 'is no header line')
    } else {
      if (cells.length > header.length) {
        fail(place, `has ${cells.length} cells, the header has ${header.length}`)
      }
      const values = Object.fromEntries(header.map((column, at) => [column, cells[at] ?? '']))
      rows.push({ name: place, values })
    }
  }
  if (!header) fail('row 1', `there is no header line. Columns: ${columns.join(', ')}`)
  return rows
}

const isHeader = (cells: readonly string[]): boolean =>
  cells.every((cell) => cell === '' || columns.includes(cell.toLowerCase()))

interface Line {
  /** From 1, as an editor or spreadsheet counts. */
  number: number
  cells: string[]
}

/** RFC 4180, with commas, semicolons or tabs: whichever the first line has. Empty lines are left out. */
function splitCsv(text: string, fail: Fail): Line[] {
  const [first = ''] = text.split(/\r?\n/, 1)
  const separator = ['\t', ';'].find((candidate) => first.includes(candidate)) ?? ','
  const lines: Line[] = []
  let cells: string[] = []
  let cell = ''
  let isQuoted = false
  let number = 1
  let began = 1
  const endLine = () => {
    cells.push(cell.trim())
    if (cells.some((each) => each !== '')) lines.push({ number: began, cells })
    cells = []
    cell = ''
  }
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at]
    if (char === '\n') number += 1
    if (isQuoted) {
      if (char !== '"') cell += char
      else if (text[at + 1] === '"') {
        cell += '"'
        at += 1
      } else isQuoted = false
    } else if (char === '"' && cell.trim() === '') {
      cell = ''
      isQuoted = true
    } else if (char === separator) {
      cells.push(cell.trim())
      cell = ''
    } else if (char === '\n') {
      endLine()
      began = number
    } else if (char !== '\r') cell += char
  }
  if (isQuoted) fail(`row ${began}`, 'a quote is never closed')
  endLine()
  return lines
}
