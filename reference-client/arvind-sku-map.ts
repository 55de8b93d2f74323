import type { ArvindSite } from './arvind-site.ts'
import type { Mapping } from './products.ts'

export type MapLine = { line: number; message: string }

export type MapResult =
  | { ok: true; mapped: number; unchanged: number; removed: number }
  | { ok: false; lines: MapLine[] }

const head = ['product_id', 'value', 'sku']
const linesMax = 10_000
const fieldMax = 100

/**
 * The bulk SKU list (seed 001: Excel port, Catalog Manager): one CSV line for each option value, an empty SKU takes the mapping away.
 * All of it or nothing, so that a half-mapped range is never sold. SKUs may change places within one file.
 */
export function mapSkus(site: ArvindSite, csv: string): MapResult {
  const rows = parseCsv(csv)
  const problems: MapLine[] = []
  const wrong = (line: number, message: string) => problems.push({ line, message })
  const [first, ...body] = rows
  if (first === undefined || first.fields.join(',') !== head.join(',')) {
    return { ok: false, lines: [{ line: 1, message: `The head is ${head.join(',')}.` }] }
  }
  if (body.length > linesMax) {
    return { ok: false, lines: [{ line: linesMax + 2, message: `At most ${linesMax} lines.` }] }
  }
  const known = new Set(site.range.products().map((product) => product.id))
  const mappings: (Mapping & { line: number })[] = []
  const seen = new Set<string>()
  for (const { line, fields } of body) {
    const [productId = '', value = '', sku = ''] = fields
    const option = JSON.stringify([productId, value])
    if (fields.length !== head.length) wrong(line, `${fields.length} fields, not ${head.length}.`)
    else if (fields.some((field) => field.length > fieldMax)) wrong(line, 'A field is too long.')
    else if (!known.has(productId)) wrong(line, `No product ${productId}.`)
    else if (value === '') wrong(line, 'The option value is missing.')
    else if (seen.has(option)) wrong(line, `Option ${value} of ${productId} stands twice.`)
    else mappings.push({ line, productId, value, sku })
    seen.add(option)
  }
  if (problems.length > 0) return { ok: false, lines: problems }
  const result = site.range.mapMany(mappings)
  if (!('taken' in result)) return { ok: true, ...result }
  return {
    ok: false,
    lines: mappings
      .filter((mapping) => result.taken.includes(mapping.sku))
      .map(({ line, sku }) => ({ line, message: `${sku} would belong to two options.` })),
  }
}

/** RFC 4180 with either line ending: quoted fields may hold commas, quotes and line breaks. Empty lines are left out. */
function parseCsv(text: string): { line: number; fields: string[] }[] {
  const rows: { line: number; fields: string[] }[] = []
  let line = 1
  let begun = 1
  let fields: string[] = []
  let field = ''
  let isQuoted = false
  const endRow = () => {
    fields.push(field.trim())
    field = ''
    if (fields.length > 1 || fields[0] !== '') rows.push({ line: begun, fields })
    fields = []
  }
  const source = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  for (let index = 0; index < source.length; index += 1) {
    const sign = source[index] ?? ''
    if (sign === '\n') line += 1
    if (isQuoted) {
      if (sign !== '"') field += sign
      else if (source[index + 1] === '"') {
        field += '"'
        index += 1
      } else isQuoted = false
    } else if (sign === '"' && field === '') isQuoted = true
    else if (sign === ',') {
      fields.push(field.trim())
      field = ''
    } else if (sign === '\n') {
      endRow()
      begun = line
    } else field += sign
  }
  endRow()
  return rows
}
