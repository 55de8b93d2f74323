import { expect, it } from 'vitest'
import { createJournal, Evicted } from './journal.ts'

const fill = (count: number, bytesMax = 1_000_000) => {
  const journal = createJournal(bytesMax)
  for (let seq = 1; seq <= count; seq += 1) {
    journal.add({
      seq,
      atMs: seq,
      kind: seq % 2 ? 'odd' : 'even',
      cause: undefined,
      data: {},
      bytes: 800,
    })
  }
  return journal
}

it('reads what came after a number, by kind, up to a limit', () => {
  const journal = fill(10)
  expect(journal.read({ after: 7 }).map(({ seq }) => seq)).toEqual([8, 9, 10])
  expect(journal.read({ kind: 'even', limit: 2 }).map(({ seq }) => seq)).toEqual([2, 4])
})

it('stays within its bytes and says what was evicted', () => {
  const journal = fill(100, 10_000)
  expect(journal.bytes).toBeLessThanOrEqual(10_000)
  expect(journal.oldestSeq).toBe(91)
  expect(() => journal.read({ after: 5 })).toThrow(Evicted)
  expect(() => journal.read({ after: 5 })).toThrow('oldest entry is 91')
  expect(journal.read().length).toBe(10)
  expect(journal.read({ after: 90 }).length).toBe(10)
})

it('keeps its order over many evictions', () => {
  const journal = fill(20_000, 100_000)
  const seqs = journal.read().map(({ seq }) => seq)
  expect(seqs).toEqual(Array.from({ length: 100 }, (_, at) => 19_901 + at))
})

it('takes back what came after a number', () => {
  const journal = fill(10)
  journal.dropAfter(8)
  expect(journal.read().at(-1)?.seq).toBe(8)
})
