import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { partners } from '../../simulators/index.ts'
import { findBreaks, findOasdiff, releasedVersions, unnamed, versionsWithoutCopy } from './gate.ts'

const scratch = mkdtempSync(join(tmpdir(), 'understudy-released-'))
afterAll(() => rmSync(scratch, { recursive: true }))

/** Without it `.ci/run` is red, so that nobody takes a skipped test for a proof. */
const oasdiff = findOasdiff()

/** What breaks when the partner's document has other words. */
function breaksOf(name: string, change: (text: string) => string) {
  const wire = partners.find((partner) => partner.name === name)?.wire ?? ''
  const now = join(scratch, `${name}.yaml`)
  writeFileSync(now, change(readFileSync(wire, 'utf8')))
  return findBreaks(oasdiff ?? '', name, fileURLToPath(wire), now)
}

it.skipIf(!oasdiff)('a document breaks nothing of itself', () => {
  for (const { name } of partners) expect(breaksOf(name, (text) => text)).toEqual([])
})

it.skipIf(!oasdiff).each([
  [
    'a field of an answer that is renamed',
    (text: string) => text.replaceAll('fynd_order_id:', 'fynd_order_ref:'),
    'fynd placeOrder response-required-property-removed fynd_order_id 200',
  ],
  [
    'an operation that is gone',
    (text: string) => text.replace('inventory/changes:', 'inventory/news:'),
    'fynd listInventoryChanges api-path-removed-without-deprecation',
  ],
  [
    'a webhook that is gone',
    (text: string) => text.replace('  ORDER_PLACED:\n', '  ORDER_PUT:\n'),
    'fynd ORDER_PLACED webhook-removed',
  ],
  [
    'a field that a webhook loses',
    (text: string) => text.replaceAll('fynd_order_id:', 'fynd_order_ref:'),
    'fynd onBagPicked request-property-removed fynd_order_id',
  ],
])('%s breaks', (_about, change, name) => {
  expect(breaksOf('fynd', change).map((each) => each.name)).toContain(name)
})

it.skipIf(!oasdiff)('a field that the changelog names lets no other field pass', () => {
  const breaks = breaksOf('fynd', (text) => text.replaceAll('fynd_order_id:', 'fynd_order_ref:'))
  const more = breaksOf('fynd', (text) =>
    text.replaceAll('fynd_order_id:', 'fynd_order_ref:').replaceAll('  bags:', '  pieces:'),
  )
  const named = breaks.map(({ name }) => `- \`${name}\``).join('\n')
  expect(unnamed(breaks, named, '0.0.1')).toEqual([])
  const left = unnamed(more, named, '0.0.1').map(({ name }) => name)
  expect(left).toContain('fynd onOrderPlaced request-property-removed bags')
})

const broken = { partner: 'fynd', name: 'fynd placeOrder gone', text: 'gone' }

it('a break is fine when the changelog names it above the released version', () => {
  const named = '## [Unreleased]\n- `fynd placeOrder gone`: why\n## [0.0.1]\n- first'
  expect(unnamed([broken], named, '0.0.1')).toEqual([])
})

it.each([
  ['not at all', '## [Unreleased]\n- nothing\n## [0.0.1]\n- first'],
  ['in an older version', '## [Unreleased]\n## [0.0.1]\n- `fynd placeOrder gone`'],
  ['without its partner', '## [Unreleased]\n- `placeOrder gone`\n## [0.0.1]'],
])('a break is not named %s', (_about, changelog) => {
  expect(unnamed([broken], changelog, '0.0.1')).toEqual([broken])
})

it('every version of the changelog has a copy with every partner', () => {
  const changelog = readFileSync(new URL('../../CHANGELOG.md', import.meta.url), 'utf8')
  expect(versionsWithoutCopy(changelog)).toEqual([])
  expect(versionsWithoutCopy('## [99.0.0] - 2026-01-05')).toEqual(['99.0.0'])
  expect(releasedVersions()).toContain('0.0.1')
})
