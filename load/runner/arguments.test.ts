import { expect, it } from 'vitest'
import { readArguments, UsageError } from './arguments.ts'

const asked = (text: string) => readArguments(text.split(' ').filter(Boolean))

it('asks one question of the partner, in the smoke profile, unless told otherwise', () => {
  expect(asked('checkout')).toEqual({
    kind: 'run',
    asks: [{ question: 'checkout', subject: 'partner', sites: ['fynd'] }],
    options: { profile: 'smoke', faults: [], keep: false },
  })
})

it('reads all options', () => {
  expect(
    readArguments([
      'inventory-sync',
      '--subject=shop',
      '--site=konnect',
      '--target=http://127.0.0.1:5000/',
      '--profile=spike',
      '--rate=40',
      '--duration=2m',
      '--partner=p95=600ms',
      '--fault={"partner":"fynd","name":"hang"}',
      '--skus=A,B',
      '--name=before',
    ]),
  ).toEqual({
    kind: 'run',
    asks: [{ question: 'inventory-sync', subject: 'shop', sites: ['konnect'] }],
    options: {
      profile: 'spike',
      target: 'http://127.0.0.1:5000',
      ratePerSecond: 40,
      durationSeconds: 120,
      partner: { percentiles: { 95: 600 } },
      faults: [{ partner: 'fynd', name: 'hang' }],
      skus: ['A', 'B'],
      name: 'before',
      keep: false,
    },
  })
})

it('asks every question of both subjects', () => {
  const command = asked('')
  expect(command).toEqual(asked('all'))
  const asks = command.kind === 'run' ? command.asks : []
  expect(asks.map(({ question, subject }) => `${question} ${subject}`)).toEqual([
    'checkout partner',
    'checkout shop',
    'inventory-sync partner',
    'inventory-sync shop',
    'webhook-storm partner',
    'webhook-storm shop',
  ])
})

it('compares two runs', () => {
  expect(asked('compare a b')).toEqual({ kind: 'compare', runs: ['a', 'b'] })
})

it.each([
  ['chekout', 'Unknown question "chekout". Known: checkout, inventory-sync, webhook-storm, all.'],
  ['checkout soak', 'One question at a time'],
  ['checkout --profile smoky', 'Unknown profile "smoky"'],
  ['checkout --subject me', '--subject is partner or shop, not "me".'],
  ['checkout --site konnect', 'checkout knows no site "konnect". Known: fynd.'],
  ['checkout --rate 0', '--rate: iterations a second'],
  ['checkout --duration 5', '--duration: 30s, 5m or 1h, not "5".'],
  ['checkout --target fynd', '--target: a URL is wanted'],
  ['checkout --partner p50', '--partner: "p50" does not fit'],
  ['checkout --fault nonsense', 'nonsense'],
  ['checkout --fault [1]', '--fault: a JSON object'],
  ['checkout --name ../x', '--name becomes'],
  ['checkout --speed 1', '--speed'],
  ['compare a', 'compare wants two runs'],
  ['all --name x', '"all" takes no --name'],
])('refuses %j', (text, why) => {
  expect(() => asked(text)).toThrow(UsageError)
  expect(() => asked(text)).toThrow(why)
})

it('helps when asked to', () => {
  expect(asked('--help')).toEqual({ kind: 'help' })
})
