import { expect, test } from 'vitest'
import { countProvenance, readDocument, readReadme, withCount } from './count-provenance.ts'

test('the README counts what the document says', () => {
  expect(readReadme()).toBe(withCount(readReadme(), readDocument()))
})

test('all 31 operations are counted, and a change of one is seen', () => {
  const document = readDocument()
  const before = countProvenance(document)
  const [, , operations = ''] = before.split('\n')
  const numbers = operations.match(/\d+/g)?.map(Number) ?? []
  expect(numbers.reduce((sum, each) => sum + each, 0)).toBe(31)
  const paths = document.paths as Record<string, Record<string, Record<string, unknown>>>
  const operation = paths['/ims/v3/price']?.put ?? {}
  operation['x-provenance'] = 'assumed'
  expect(countProvenance(document)).not.toBe(before)
})
