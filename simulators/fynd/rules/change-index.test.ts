import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createChangeIndex, noteChange, pageOfChanges } from './change-index.ts'

const changes = fc.array(
  fc.record({ sku: fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F'), laterMs: fc.nat(3) }),
  { maxLength: 400 },
)

/** What the index means, told slowly: each SKU once, at its last change. */
function model(list: { sku: string; laterMs: number }[]) {
  let atMs = 0
  const last = new Map<string, number>()
  for (const { sku, laterMs } of list) {
    atMs += laterMs
    last.delete(sku)
    last.set(sku, atMs)
  }
  return [...last].map(([sku, at]) => ({ sku, atMs: at }))
}

function build(list: { sku: string; laterMs: number }[]) {
  const index = createChangeIndex()
  let atMs = 0
  for (const { sku, laterMs } of list) {
    atMs += laterMs
    noteChange(index, sku, atMs)
  }
  return index
}

test('pages list each SKU once, by its last change, from the asked time on', () => {
  fc.assert(
    fc.property(changes, fc.nat(400), fc.integer({ min: 1, max: 4 }), (list, sinceMs, size) => {
      const index = build(list)
      const expected = model(list).filter((entry) => entry.atMs >= sinceMs)
      const seen: { sku: string; atMs: number }[] = []
      let afterSeq = 0
      for (let hasNext = true; hasNext; ) {
        const page = pageOfChanges(index, sinceMs, afterSeq, size)
        expect(page.total).toBe(expected.length)
        seen.push(...page.entries.map(({ sku, atMs }) => ({ sku, atMs })))
        afterSeq = page.entries.at(-1)?.seq ?? 0
        hasNext = page.hasNext
      }
      expect(seen.map((entry) => entry.sku).sort()).toEqual(expected.map((e) => e.sku).sort())
      expect(seen).toEqual([...seen].sort((a, b) => a.atMs - b.atMs))
      for (const entry of seen) expect(expected).toContainEqual(entry)
    }),
  )
})

test('a SKU that changes between two pages is not lost', () => {
  const index = build(['A', 'B', 'C', 'D'].map((sku) => ({ sku, laterMs: 1 })))
  const first = pageOfChanges(index, 0, 0, 2)
  noteChange(index, 'C', 10)
  noteChange(index, 'A', 11)
  const second = pageOfChanges(index, 0, first.entries.at(-1)?.seq ?? 0, 10)
  expect(first.entries.map((entry) => entry.sku)).toEqual(['A', 'B'])
  expect(second.entries.map((entry) => entry.sku)).toEqual(['D', 'C', 'A'])
})

test('the log of a SKU that changes for ever stays short', () => {
  const index = createChangeIndex()
  for (let atMs = 0; atMs < 10_000; atMs += 1) noteChange(index, atMs % 2 ? 'A' : 'B', atMs)
  expect(index.entries.length).toBeLessThan(200)
  expect(pageOfChanges(index, 9_999, 0, 10).entries.map((entry) => entry.sku)).toEqual(['A'])
})
