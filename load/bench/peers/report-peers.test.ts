import { expect, it } from 'vitest'
import { reportPeers } from './report-peers.ts'

const peer = (name: string) => ({ name, version: '1', does: `${name} does it`, readsBody: true })
const pairedAt = (ratio: number) => ({
  requests: 10,
  floorRates: [100],
  rates: [100 * ratio],
  ratios: [ratio],
  floorCpuUs: [1],
  cpuUs: [0],
})
const title = 'an order'

it('tells each rate, how the simulator stands to it, and both goals', () => {
  const { lines, figures, isMet } = reportPeers({
    title,
    question: 'order',
    simulator: pairedAt(0.6),
    outcomes: [
      { peer: peer('Slow'), result: pairedAt(0.2) },
      { peer: peer('Quick'), result: pairedAt(0.4) },
    ],
  })
  expect(lines).toEqual([
    'Slow 1           20 (20 to 20), of the floor 0.20 (0.20 to 0.20); simulator 3.00 times it',
    '                 Slow does it',
    'Quick 1          40 (40 to 40), of the floor 0.40 (0.40 to 0.40); simulator 1.50 times it',
    '                 Quick does it',
    'goal             ahead of the 2 of 2 peers that read the body and were measured: 1.50: met',
    'goal             at 2 times the best of the 2 of 2 peers that read the body and were measured: 1.50: NOT MET',
  ])
  expect(figures).toMatchObject({
    peers: [{ name: 'Slow' }, { name: 'Quick', ofFloor: { median: 0.4 } }],
    goals: [
      { times: 1, isMet: true },
      { times: 2, isMet: false },
    ],
  })
  // A goal is no target.
  expect(isMet).toBe(true)
})

it('a peer that was left out is told and not beaten', () => {
  const { lines, figures } = reportPeers({
    title,
    question: 'inventory',
    simulator: pairedAt(0.6),
    outcomes: [
      { peer: peer('Here'), result: pairedAt(0.7) },
      { peer: peer('Gone'), leftOut: 'java cannot\nbe run here' },
    ],
  })
  expect(lines.slice(2)).toEqual([
    'Gone 1           left out: java cannot be run here',
    'goal             ahead of the 1 of 2 peers that read the body and were measured: 0.86: NOT MET',
  ])
  expect(figures).toMatchObject({ leftOut: [{ name: 'Gone' }], goals: [{ isMet: false }] })
})

it('without any peer no goal is met', () => {
  const outcomes = [{ peer: peer('Gone'), leftOut: 'no network' }]
  const { figures, lines } = reportPeers({
    title,
    question: 'order',
    simulator: pairedAt(0.6),
    outcomes,
  })
  expect(figures).toMatchObject({ goals: [{ isMet: undefined }, { isMet: undefined }] })
  expect(lines.at(-1)).toMatch(/not known$/)
})

it('stock has no body to read, so no goal', () => {
  const outcomes = [{ peer: peer('Fixed'), result: pairedAt(0.7) }]
  const { lines } = reportPeers({ title, question: 'stock', simulator: pairedAt(0.6), outcomes })
  expect(lines).toHaveLength(2)
  expect(lines[1]).toContain('a fixed answer')
})
