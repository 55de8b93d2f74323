import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { createConsoleReporter, createJunitReporter, type Reporter, runScenarios } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'scenarios-'))
afterAll(() => rmSync(folder, { recursive: true }))

const ref = (name: string) => `"$\{${name}}"`
const buy = 'shop.buy: { sku: TEE-M, pay: COD }'
const good = `\n  - ${buy}\n    as: order\n  - settle:\n  - expect: { shop.order: { status: processed, count: 1 } }\n`
const bad = `\n  - ${buy}\n  - expect: { shop.order: { status: "<failed>", count: 1 } }\n`

/** A folder with these scenarios; the steps by name. */
function scenarios(named: Record<string, string>): string {
  const path = mkdtempSync(join(folder, 'set-'))
  for (const [name, steps] of Object.entries(named)) {
    const text = `name: ${name}\nabout: For a test.\nshop: fynd\nsteps:${steps}`
    writeFileSync(join(path, `${name}.yaml`), text)
  }
  return path
}

const outcomes = ({ results }: Awaited<ReturnType<typeof runScenarios>>) =>
  results.map(({ title, outcome }) => `${title} ${outcome}`)

it('is 0 when all is green, and counts what was done', async () => {
  const run = await runScenarios({ paths: [scenarios({ a: good, b: good })] })
  expect(run.exitCode).toBe(0)
  expect(run.summary).toMatchObject({ scenarios: 2, plays: 2, green: 2, red: 0, steps: 6 })
  expect(run.summary.requests).toBeGreaterThanOrEqual(6)
  expect(run.summary.deliveries).toBe(2)
})

it('is 1 when one is red, and plays the others too', async () => {
  const run = await runScenarios({ paths: [scenarios({ a: bad, b: good })] })
  expect(run.exitCode).toBe(1)
  expect(outcomes(run)).toEqual(['a red', 'b green'])
})

it('stops at the first red one when told to, and skips the rest by name', async () => {
  const run = await runScenarios({ paths: [scenarios({ a: bad, b: good })], bail: true })
  expect(run.exitCode).toBe(1)
  expect(outcomes(run)).toEqual(['a red', 'b skipped'])
})

it.each([
  [
    'an unknown act',
    { a: good, b: '\n  - fynd.stock.sett: {}\n' },
    {},
    /b\.yaml:5:5: Unknown step "fynd\.stock\.sett"/,
  ],
  ['nothing at all', {}, {}, /No scenario in .*; a run of nothing proves nothing/],
  [
    '--only that fits nothing',
    { cod: good },
    { only: 'cot' },
    /No scenario matches --only "cot"\. Did you mean "cod"\? Accepted: cod\./,
  ],
  [
    '--until that is not there',
    { a: good },
    { until: 'nowhere' },
    /a has no step "nowhere"\. Accepted: 1 to 3, order\./,
  ],
  [
    '--keep for several',
    { a: good, b: good },
    { keep: true },
    /want one scenario; these are 2: a, b\./,
  ],
])('is 2 with one message for bad input: %s', async (_, named, options, message) => {
  const run = await runScenarios({ paths: [scenarios(named)], ...options })
  expect(run.exitCode).toBe(2)
  expect(run.problems).toHaveLength(1)
  expect(run.problems[0]).toMatch(message)
})

it.each([
  [
    'a reference that leads nowhere',
    `shop.refund: { order_id: ${ref('order.idd')} }`,
    /^Unknown reference .*Did you mean "id"\?/,
  ],
  [
    'a value that does not fit',
    `fynd.bag.reject: { bag_id: ${ref('order.items.0.bag_id')} }`,
    /^"bag_id": Expected a.* number, found text/,
  ],
])('is 2 for what only playing shows, and plays the others: %s', async (_, step, message) => {
  const paths = [scenarios({ a: `\n  - ${buy}\n    as: order\n  - ${step}\n`, b: good })]
  const run = await runScenarios({ paths })
  expect(run.exitCode).toBe(2)
  expect(outcomes(run)).toEqual(['a red', 'b green'])
  expect(run.results[0]?.failure).toMatchObject({
    place: { line: 7 },
    lines: [expect.stringMatching(message)],
  })
})

it('is 2 for a path that is not there, and for one name given twice', async () => {
  const missing = await runScenarios({ paths: [join(folder, 'nothing')] })
  expect([missing.exitCode, missing.problems.join()]).toEqual([
    2,
    expect.stringContaining('nothing'),
  ])
  const paths = [scenarios({ a: good }), scenarios({ a: good })]
  const twice = await runScenarios({ paths })
  expect([twice.exitCode, twice.problems.join()]).toEqual([
    2,
    expect.stringContaining('also the name'),
  ])
})

it('is never green about nothing but what cannot be played', async () => {
  const wait = '\n  - await: { partner: fynd, operation: placeOrder }\n'
  const alone = await runScenarios({ paths: [scenarios({ a: wait })] })
  expect([alone.exitCode, alone.problems.join()]).toEqual([
    2,
    expect.stringContaining('Nothing was played'),
  ])
  const beside = await runScenarios({ paths: [scenarios({ a: wait, b: good })] })
  expect(beside.exitCode).toBe(0)
  expect(beside.summary).toMatchObject({ green: 1, notPlayable: 1 })
})

it.each([
  ['od', ['cod-twice', 'cod']],
  ['cod', ['cod-twice', 'cod']],
  ['c*d', ['cod']],
  ['*-twice', ['cod-twice']],
])('plays only what %s fits', async (only, titles) => {
  const paths = [scenarios({ cod: good, 'cod-twice': good, paid: good })]
  const run = await runScenarios({ paths, only })
  expect(run.results.map(({ title }) => title)).toEqual(titles)
})

it('takes the seed that is given before that of the story', async () => {
  const path = scenarios({ a: good })
  const seeds = await Promise.all(
    [{}, { seed: 9 }].map(
      async (options) => (await runScenarios({ paths: [path], ...options })).results[0]?.seed,
    ),
  )
  expect(seeds).toEqual([1, 9])
})

it('stops after a step, keeps the world alive and says what comes next', async () => {
  const paths = [scenarios({ a: good })]
  const run = await runScenarios({ paths, until: 'order', keep: true })
  const { kept } = run
  if (!kept) throw new Error('Nothing was kept.')
  expect(kept.next).toEqual(['settle', 'expect'])
  const { world, conductor, session } = kept.play
  expect(world.things('fynd', 'order')).toHaveLength(1)
  world.act('fynd.bag.confirm', { affiliate_order_id: '100001' })
  await conductor.settle()
  const orders = await kept.play.run('a look', () => session.look('shop.order'))
  expect(orders).toMatchObject([{ items: [{ status: 'bag_confirmed' }] }])
  kept.play.close()
})

async function shown(isTTY: boolean, colours?: boolean): Promise<string> {
  let text = ''
  const screen = {
    isTTY,
    write: (part: string) => {
      text += part
    },
  }
  const reporter: Reporter = createConsoleReporter(screen, colours === undefined ? {} : { colours })
  const paths = [
    scenarios({ a: good, b: bad, c: '\n  - await: { partner: fynd, operation: placeOrder }\n' }),
  ]
  await runScenarios({ paths, reporters: [reporter] })
  return text
}

const escapeChar = '\u001b'

it('prints a line for each, all about a red one, and a summary', async () => {
  const text = await shown(false)
  expect(text).not.toContain(escapeChar)
  expect(text).toMatch(/^✓ a 3 steps, \d+ requests, 1 delivery, 0s played, \d+ ms$/m)
  expect(text).toMatch(/^✗ b /m)
  expect(text).toMatch(/b\.yaml:6:5 expect \(seed 1, at #\d+\)/)
  expect(text).toContain('expected  1 × shop.order { status: "<failed>" }')
  expect(text).toMatch(/what led there:\n.*fynd getStockStatus GET/)
  expect(text).toMatch(/^○ c not playable: it waits for a person/m)
  expect(text).toMatch(
    /1 green, 1 red, 1 not playable\n3 scenarios \(3 plays\), 5 steps, \d+ requests, 2 deliveries, 0\.0 simulated hours, \d+\.\d s\n$/,
  )
})

it('colours and moves only on a terminal', async () => {
  expect(await shown(true)).toContain(`${escapeChar}[31m`)
  expect(await shown(true, false)).not.toContain(`${escapeChar}[31m`)
})

it('writes JUnit XML that tells red, skipped and not playable apart', async () => {
  let xml = ''
  const reporter = createJunitReporter((text) => {
    xml = text
  })
  const wait = '\n  - await: { partner: fynd, operation: placeOrder }\n'
  const paths = [scenarios({ a: wait, b: good, c: bad, d: good })]
  await runScenarios({ paths, bail: true, reporters: [reporter] })
  expect(xml).toContain('tests="4" failures="1" errors="0" skipped="2"')
  expect(xml).toMatch(/<skipped type="not-playable" message="not playable: it waits for a person/)
  expect(xml).toMatch(/<skipped type="skipped" message="skipped: an earlier one was red/)
  expect(xml).toContain('&lt;failed&gt;')
  expect(xml).not.toContain('<failed>')
  expect(xml).toMatch(/<testcase name="b" classname="[^"]+" time="[\d.]+"\/>/)
  expect(xml.match(/<testcase /g)).toHaveLength(4)
})

it('does not count a play as green that was stopped before the judge', async () => {
  let xml = ''
  let text = ''
  const reporters = [
    createJunitReporter((whole) => {
      xml = whole
    }),
    createConsoleReporter({ write: (part) => (text += part) }),
  ]
  const run = await runScenarios({ paths: [scenarios({ a: good })], until: 'order', reporters })
  expect(outcomes(run)).toEqual(['a stopped'])
  expect(run).toMatchObject({ exitCode: 0, summary: { green: 0, stopped: 1 } })
  expect(xml).toContain('<skipped type="stopped" message="stopped after step 1 of 3, not judged"/>')
  expect(xml).toContain('tests="1" failures="0" errors="0" skipped="1"')
  expect(text).toContain('a stopped after step 1 of 3, not judged')
  expect(text).toContain('0 green, 1 stopped')
})
