import { lineOf, readCode, readImports } from './tidy-code.ts'

/** The rules of the house that a machine can check. `tidy.test.ts` holds every tracked file against them. */
export interface Rule {
  name: string
  about: string
  /** What breaks the rule in one file: the line and what is wrong with it. */
  check(file: TidyFile): Breach[]
  /** Files that must break it, so that a rule which can no longer fail is noticed. */
  planted: TidyFile[]
  /** Files that look alike and must pass. */
  fine: TidyFile[]
}

export interface TidyFile {
  /** From the top of the repository, with `/`. */
  path: string
  text: string
}

export interface Breach {
  line: number
  what: string
}

const isCode = (path: string): boolean => /\.(?:ts|mjs)$/.test(path)
const isTest = (path: string): boolean => path.endsWith('.test.ts')
const file = (path: string, text: string): TidyFile => ({ path, text })

/** `core`, a partner's name, or undefined for what stands in `simulators/` itself. */
const simulatorRoom = (path: string): string | undefined => /^simulators\/([^/]+)\//.exec(path)?.[1]

/** Every match of a word in a text, as breaches. */
const findAll = (text: string, words: RegExp, why: (found: string) => string): Breach[] =>
  [...text.matchAll(words)].map((match) => ({
    line: lineOf(text, match.index),
    what: why(match[0].trim()),
  }))

// Which room knows which (style.md). What is not listed may know everything.
const mayKnow: { room: RegExp; knows: RegExp }[] = [
  { room: /^simulators\/core\//, knows: /^simulators\/core\// },
  { room: /^simulators\/[^/]+$/, knows: /^simulators\// },
  { room: /^reference-client\//, knows: /^reference-client\// },
  { room: /^scenarios\//, knows: /^(?:scenarios|simulators|reference-client)\// },
  { room: /^contracts\//, knows: /^(?:contracts|simulators|reference-client)\// },
  // The bench times all that there is and the runner opens simulators; the k6 scripts and their logic know one by HTTP alone.
  { room: /^load\/bench\//, knows: /^(?:load|simulators|reference-client|scenarios)\// },
  { room: /^load\/runner\//, knows: /^(?:load|simulators)\// },
  { room: /^load\//, knows: /^load\// },
]

function whyNotKnown(from: string, to: string): string | undefined {
  const target = simulatorRoom(to)
  const own = simulatorRoom(from)
  if (own !== undefined && own !== 'core') {
    if (target === own || target === 'core') return undefined
    return `a partner knows itself and core, not ${to}`
  }
  const row = mayKnow.find(({ room }) => room.test(from))
  if (row !== undefined && !row.knows.test(to)) return `this room must not know ${to}`
  const isPartner = target !== undefined && target !== 'core'
  if (isPartner && to !== `simulators/${target}/index.ts`) {
    return `the only door into a partner is its index.ts, not ${to}`
  }
  return undefined
}

/** Where a relative import leads, from the top of the repository. */
const resolvePath = (from: string, to: string): string =>
  new URL(to, `file:///${from}`).pathname.slice(1)

const rooms: Rule = {
  name: 'rooms-keep-apart',
  about: 'A room imports only the rooms that it may know.',
  check({ path, text }) {
    if (!isCode(path)) return []
    return readImports(readCode(text)).flatMap(({ from, line }) => {
      // The package's own name is the door of simulators/.
      const to = from === 'understudy' ? 'simulators/index.ts' : from
      if (!to.startsWith('.') && from !== 'understudy') return []
      const why = whyNotKnown(path, to.startsWith('.') ? resolvePath(path, to) : to)
      return why === undefined ? [] : [{ line, what: why }]
    })
  },
  planted: [
    file('simulators/core/world.ts', "import { acme } from '../acme/index.ts'"),
    file('simulators/core/world.ts', "import { partners } from '../index.ts'"),
    file('simulators/acme/state.ts', "import type { Order } from '../other/index.ts'"),
    file('simulators/acme/state.ts', "export * from '../../reference-client/model.ts'"),
    file('simulators/server.ts', "import { play } from '../scenarios/engine/player.ts'"),
    file('simulators/server.ts', "import { createState } from './acme/state.ts'"),
    file('scenarios/engine/player.ts', "const a = await import('../../simulators/acme/acts.ts')"),
    file('reference-client/shop.ts', "import type { World } from '../simulators/core/world.ts'"),
    file('reference-client/shop.ts', "import { createWorld } from 'understudy'"),
    file('contracts/provider/acme.test.ts', "import '../../scenarios/engine/player.ts'"),
    file('load/lib/plan.ts', "import {\n  partners,\n} from '../../simulators/index.ts'"),
    file('load/runner/index.ts', "import { shop } from '../../reference-client/index.ts'"),
  ],
  fine: [
    file(
      'simulators/acme/state.ts',
      "import { Refusal } from '../core/refusal.ts'\n// from '../b/x.ts'",
    ),
    file(
      'simulators/server.ts',
      "import { acme } from './acme/index.ts'\nimport { Hono } from 'hono'",
    ),
    file('scenarios/engine/player.ts', "import { acme } from '../../simulators/acme/index.ts'"),
    file('reference-client/shop.ts', 'const text = "import { x } from \'../simulators/index.ts\'"'),
    file('bin/commands/up.ts', "import { serve } from '../../simulators/server.ts'"),
    file('load/bench/ladder.ts', "import { createWorld } from '../../simulators/index.ts'"),
  ],
}

const machineFiles = [
  'simulators/core/clock.ts',
  'simulators/core/random.ts',
  'reference-client/clock.ts',
  'reference-client/random.ts',
]
const worldly = /^(?:simulators|scenarios\/engine|reference-client)\//
const mayTimeItself = /^scenarios\/engine\/reporters\//

// tried.md 3, and what would make two machines write different bytes.
const ambient = new RegExp(
  [
    String.raw`\bDate\s*\.\s*now\b`,
    String.raw`\bnew\s+Date\s*(?:\(\s*\)|(?![\w$\s(]))`,
    String.raw`(?<!\bnew\s+|[\w$.])Date\s*\(`,
    String.raw`\bMath\s*\.\s*random\b`,
    String.raw`\b(?:setTimeout|setInterval|setImmediate)\b`,
    String.raw`\bAbortSignal\s*\.\s*timeout\b`,
    String.raw`\b(?:randomUUID|randomBytes|randomInt|randomFillSync|getRandomValues)\b`,
    String.raw`\bperformance\s*\.\s*(?:now|timeOrigin)\b`,
    String.raw`\bprocess\s*\.\s*(?:hrtime|uptime)\b`,
    String.raw`\bIntl\s*\.`,
    String.raw`\.\s*(?:toLocale\w*|localeCompare)\b`,
    String.raw`\.\s*get(?:Date|Day|FullYear|Hours|Minutes|Month|Seconds|TimezoneOffset)\s*\(`,
  ].join('|'),
  'g',
)
const ambientModules = ['timers', 'timers/promises', 'perf_hooks']

const timeAndChance: Rule = {
  name: 'no-ambient-time-or-chance',
  about: `Time, chance and language come in as arguments; only ${machineFiles.join(', ')} ask the machine.`,
  check({ path, text }) {
    if (!isCode(path) || !worldly.test(path) || machineFiles.includes(path)) return []
    if (mayTimeItself.test(path)) return []
    const read = readCode(text)
    const why = (found: string) => `${found} asks the machine: take it from the world or the ports`
    return [
      ...findAll(read.bare, ambient, why),
      ...readImports(read)
        .filter(({ from }) => ambientModules.includes(from.replace(/^node:/, '')))
        .map(({ from, line }) => ({ line, what: why(from) })),
    ]
  },
  planted: [
    file('simulators/acme/state.ts', 'const now = Date.now()'),
    file('simulators/acme/state.ts', 'const now = new Date()'),
    file('simulators/acme/state.ts', 'const now = new Date'),
    file('simulators/acme/state.ts', 'const now = Date()'),
    file('simulators/acme/state.ts', 'const id = `A-$' + '{Math.random()}`'),
    file('simulators/core/messenger/messenger.ts', 'setTimeout(() => {}, 1)'),
    file('scenarios/engine/player.ts', 'await new Promise((go) => setImmediate(go))'),
    file('reference-client/shop.ts', 'fetch(url, { signal: AbortSignal.timeout(5) })'),
    file('reference-client/shop.ts', "import { randomUUID } from 'node:crypto'"),
    file('reference-client/shop.ts', "import { setTimeout as sleep } from 'node:timers/promises'"),
    file('simulators/acme/state.test.ts', 'const begun = performance.now()'),
    file('simulators/acme/state.ts', 'skus.sort((a, b) => a.localeCompare(b))'),
    file('simulators/acme/state.ts', 'new Date(nowMs).getHours()'),
    file('simulators/acme/state.ts', 'const text = price.toLocaleString()'),
  ],
  fine: [
    file('simulators/core/clock.ts', 'export const wallMs = () => Date.now()'),
    file('simulators/acme/state.ts', "// Date.now() is not asked\nconst a = 'Math.random()'"),
    file(
      'simulators/acme/state.ts',
      'new Date(ctx.nowMs).toISOString(); new Date(0).getUTCHours()',
    ),
    file(
      'simulators/acme/state.ts',
      'const isDate = value instanceof Date && Date.parse(text) > 0',
    ),
    file('load/bench/index.ts', 'const begun = performance.now()'),
  ],
}

// tried.md 3: what leaves the microtasks, so that the conductor cannot count it.
const uncounted = new RegExp(
  [
    String.raw`\bcrypto\s*\.\s*subtle\b|\bwebcrypto\b`,
    String.raw`\b(?:scrypt|pbkdf2|hkdf|generateKeyPair|generateKey)\s*\(`,
    String.raw`\b(?:CompressionStream|DecompressionStream|Blob|FormData|MessageChannel|WebAssembly|Worker)\b`,
    String.raw`\bimport\s*\(`,
    String.raw`\bglobalThis\s*\.\s*fetch\b|(?<![\w$.])fetch\s*\((?=\s*['"\x60])`,
  ].join('|'),
  'g',
)
const uncountedModules = ['fs', 'fs/promises', 'zlib', 'worker_threads', 'child_process', 'dns']
/** The shop's ways in from the machine: they open files and sockets, and no scenario runs them. */
const shopMachineFiles = ['reference-client/main.ts', 'reference-client/server.ts']

const countedClient: Rule = {
  name: 'client-awaits-only-ports',
  about: 'Code of the reference client awaits its ports, nothing that leaves the microtasks.',
  check({ path, text }) {
    if (!isCode(path) || !path.startsWith('reference-client/') || isTest(path)) return []
    if (machineFiles.includes(path) || shopMachineFiles.includes(path)) return []
    const read = readCode(text)
    const why = (found: string) => `${found} leaves the microtasks: no scenario can count it`
    return [
      ...findAll(read.bare, uncounted, why),
      ...readImports(read)
        .filter(({ from }) => uncountedModules.includes(from.replace(/^node:/, '')))
        .map(({ from, line }) => ({ line, what: why(from) })),
    ]
  },
  planted: [
    file('reference-client/shop.ts', "await crypto.subtle.digest('SHA-256', bytes)"),
    file('reference-client/shop.ts', "import { readFile } from 'node:fs/promises'"),
    file('reference-client/shop.ts', "const { app } = await import('./app.ts')"),
    file('reference-client/shop.ts', 'const body = new FormData()'),
    file('reference-client/shop.ts', 'const answer = await globalThis.fetch(url)'),
  ],
  fine: [
    file('reference-client/main.ts', "import { readFileSync } from 'node:fs'"),
    file(
      'reference-client/shop.ts',
      "import { createHmac } from 'node:crypto'\nawait ports.fetch(url)",
    ),
    file('simulators/server.ts', "import { readFileSync } from 'node:fs'"),
  ],
}

const partnerNames = /fynd|arvind|konnect|payment-?gateway|kartify/gi

const coreNames: Rule = {
  name: 'core-names-no-partner',
  about: 'Core knows no partner, not even by name; comments may say where a thing comes from.',
  check({ path, text }) {
    if (!path.startsWith('simulators/core/')) return []
    const code = isCode(path) ? readCode(text).code : text.replace(/^\s*#.*$/gm, '')
    return findAll(code, partnerNames, (found) => `core names a partner: ${found}`)
  },
  planted: [
    file('simulators/core/world.ts', "const first = 'fynd'"),
    file('simulators/core/world.ts', 'const konnectPort = 4030'),
    file('simulators/core/world.test.ts', 'const url = `$' + '{origin}/gofynd`'),
    file('simulators/core/testing/tiny/openapi.yaml', 'title: Arvind'),
  ],
  fine: [
    file(
      'simulators/core/world.ts',
      '/** Who receives it (FYND: the affiliate id). */\nconst a = 1',
    ),
    file('simulators/fynd/index.ts', "const name = 'fynd'"),
  ],
}

const ownNames = /^(?:README|CHANGELOG|CONTRIBUTING|LICENSE|Dockerfile)(?:\.md)?$/
const kebab = /^\.?[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*$/
const emptyNames = /^(?:utils?|helpers?|common|misc)$/

const names: Rule = {
  name: 'names-in-kebab-case',
  about: 'Files and folders are in kebab-case and named after what they hold.',
  check({ path }) {
    return path.split('/').flatMap((part) => {
      if (ownNames.test(part)) return []
      const stem = part.replace(/^\./, '').split('.')[0] ?? ''
      if (emptyNames.test(stem))
        return [{ line: 1, what: `"${part}" says nothing about what it holds` }]
      return kebab.test(part) ? [] : [{ line: 1, what: `"${part}" is not in kebab-case` }]
    })
  },
  planted: [
    file('simulators/core/inputLog.ts', ''),
    file('simulators/core/input_log.ts', ''),
    file('simulators/Core/log.ts', ''),
    file('simulators/core/utils.ts', ''),
    file('reference-client/helpers/money.ts', ''),
    file('simulators/core/common.test.ts', ''),
  ],
  fine: [
    file('simulators/core/input-log.test.ts', ''),
    file('simulators/fynd/README.md', ''),
    file('.ci/run', ''),
    file('.dockerignore', ''),
  ],
}

const wholeTests: Rule = {
  name: 'tests-all-run',
  about: 'No test is left out or run alone, and a test file has at most one describe.',
  check({ path, text }) {
    if (!isTest(path)) return []
    const { bare } = readCode(text)
    // oasdiff is built by `.ci/run` alone, which is red without it; everything else runs on Node.
    const marks =
      /\b(?:it|test|describe|suite)\s*\.\s*(?:only|skip|todo|skipIf(?!\(!oasdiff\))|runIf|fails)\b|\b[xf](?:it|describe)\s*\(/g
    const [, second] = [...bare.matchAll(/\bdescribe\s*(?:\.\s*\w+\s*)?\(/g)]
    return [
      ...findAll(bare, marks, (found) => `${found}: every test runs everywhere`),
      ...(second ? [{ line: lineOf(bare, second.index), what: 'a second describe' }] : []),
    ]
  },
  planted: [
    file('load/lib/plan.test.ts', "it.only('plans', () => {})"),
    file('load/lib/plan.test.ts', "describe.skip('plans', () => {})"),
    file('load/lib/plan.test.ts', "test.todo('plans')"),
    file('load/lib/plan.test.ts', "describe('a', () => {})\ndescribe('b', () => {})"),
  ],
  fine: [
    file('load/lib/plan.test.ts', "describe('a', () => { it('reads it.only', () => {}) })"),
    file('load/lib/plan.test.ts', "it.each([1])('plans', () => {})"),
  ],
}

// A letter of each stands in brackets, so that this file does not break its own rule.
const machinePlaces =
  /\/[w]ork\/|\/[f]arm\/|\/[t]mp\/bash_jobs|\/[h]ome\/[a-z]|\/[U]sers\/[A-Za-z]|registr[y]\.(?:npmjs|yarnpkg)|prox[y]\.golang|de[b]\.debian\.org|rep[o]1?\.maven|pyp[i]\.org|files\.p[y]thonhosted/g

const places: Rule = {
  name: 'no-machine-places',
  about: 'No tracked file names a path of one machine or the host of a package registry.',
  check: ({ text }) =>
    findAll(text, machinePlaces, (found) => `${found} is a place on one machine`),
  planted: [
    file('docs/how.md', `Look into /wo${'rk'}/main.`),
    file('package-lock.json', `"resolved": "https://regis${'try'}.npmjs.org/x"`),
    file('.ci/run', `GOPROXY=https://pro${'xy'}.golang.org`),
  ],
  fine: [file('docs/how.md', 'Look into the work/ folder of the registry.')],
}

// A limit that is all unit, and names that other people's interfaces prescribe.
const foreignNames =
  /^(?:min|max)(?:Ms|Length|Items|Properties|Contains|Buffer|Workers|VUs|Duration|Age|Sockets|Redirects|Retries|Lines|Payload|HeaderSize|imum)$/

const unitsLast: Rule = {
  name: 'units-last',
  about:
    'Units and limits stand last in a name (`delayMs`, `bytesMax`), and a duration says its unit.',
  check({ path, text }) {
    if (!isCode(path)) return []
    const { bare } = readCode(text)
    const first =
      /\b(?:const|let|function)\s+(?<named>(?:(?:max|min)[A-Z]|(?:ms|bytes|seconds|minutes)(?!Max|Min|Per|Of)[A-Z])\w*)|^\s*(?:readonly\s+)?(?<member>(?:(?:max|min)[A-Z]|(?:ms|bytes|seconds|minutes)(?!Max|Min|Per|Of)[A-Z])\w*)\??\s*:/gm
    const unitless =
      /\b(?:const|let)\s+(?<named>\w*(?:[tT]imeout|[dD]elay|[iI]nterval|[dD]uration|[tT]tl))\s*(?::\s*number\s*)?=\s*[\d_]+\s*[^\w\s.*)]?\s*$/gm
    const breaches = (words: RegExp, why: (name: string) => string) =>
      [...bare.matchAll(words)].flatMap((match) => {
        const name = match.groups?.named ?? match.groups?.member ?? ''
        const line = lineOf(bare, match.index + match[0].indexOf(name))
        return foreignNames.test(name) ? [] : [{ line, what: why(name) }]
      })
    return [
      ...breaches(first, (name) => `${name} begins with its unit or limit`),
      ...breaches(unitless, (name) => `${name} does not say its unit`),
    ]
  },
  planted: [
    file('simulators/core/journal.ts', 'const maxBytes = 5'),
    file('simulators/core/journal.ts', 'interface A {\n  msDelay: number\n}'),
    file('simulators/core/journal.ts', 'const retryDelay = 500'),
  ],
  fine: [
    file(
      'simulators/core/journal.ts',
      'const bytesMax = 5\nconst maximum = Math.max(1, 2)\nz.int().max(3)',
    ),
    file(
      'simulators/core/journal.ts',
      'const schema = {\n  maxLength: 5,\n}\nconst retryDelayMs = 500',
    ),
  ],
}

const noEmptyCatch: Rule = {
  name: 'no-silent-catch',
  about:
    'Catch to translate, to retry or to record; where nothing is to be done, say in the block why.',
  check({ path, text }) {
    if (!isCode(path)) return []
    const { bare } = readCode(text)
    const empty =
      /\bcatch\s*(?:\([^)]*\)\s*)?\{\s*\}|\.catch\(\s*\(\s*\w*\s*\)\s*=>\s*\{\s*\}\s*\)/g
    return [...bare.matchAll(empty)].flatMap((match) => {
      const source = text.slice(match.index, match.index + match[0].length)
      const isExplained = /\/\/|\/\*/.test(source)
      return isExplained ? [] : [{ line: lineOf(bare, match.index), what: 'an error is lost' }]
    })
  },
  planted: [
    file('simulators/server.ts', 'try { go() } catch {}'),
    file('simulators/server.ts', 'try { go() } catch (error) {\n}'),
    file('simulators/server.ts', 'go().catch(() => {})'),
  ],
  fine: [
    file('simulators/server.ts', 'try { go() } catch (error) { note(error) }'),
    file('simulators/server.ts', 'try { go() } catch {\n// It is gone already.\n}'),
  ],
}

const oneDoorToMachine: Rule = {
  name: 'simulators-read-no-environment',
  about:
    'Configuration enters the simulators in server.ts and the shop in main.ts; a soak is a program of its own.',
  check({ path, text }) {
    if (!isCode(path) || isTest(path) || !/^(?:simulators|reference-client)\//.test(path)) return []
    if (path === 'simulators/server.ts' || path === 'reference-client/main.ts') return []
    if (/^simulators\/[^/]+\/soak\.ts$/.test(path)) return []
    const why = (found: string) => `${found}: take it as an argument`
    return findAll(readCode(text).bare, /\bprocess\s*\.\s*(?:env|argv|exit|cwd)\b/g, why)
  },
  planted: [
    file('simulators/core/world.ts', 'const seed = Number(process.env.SEED)'),
    file('reference-client/shop.ts', 'process.exit(1)'),
  ],
  fine: [
    file('simulators/server.ts', 'const port = process.env.PORT'),
    file('simulators/acme/soak.ts', 'const [count] = process.argv.slice(2)'),
  ],
}

const pinned: Rule = {
  name: 'dependencies-pinned',
  about: 'Dependencies are exact, so that a fresh clone is this clone.',
  check({ path, text }) {
    if (path !== 'package.json') return []
    const wanted = JSON.parse(text) as Record<string, Record<string, string> | undefined>
    return ['dependencies', 'devDependencies'].flatMap((list) =>
      Object.entries(wanted[list] ?? {})
        .filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))
        .map(([name, version]) => ({
          line: lineOf(text, text.indexOf(`"${name}"`)),
          what: `${name} ${version} is not exact`,
        })),
    )
  },
  planted: [file('package.json', '{ "dependencies": { "hono": "^4.0.0" } }')],
  fine: [file('package.json', '{ "dependencies": { "hono": "4.0.0" } }')],
}

const promises: Rule = {
  name: 'readme-keeps-its-promises',
  about: 'The README shows the two commands that .ci/run runs.',
  check({ path, text }) {
    if (path !== 'README.md') return []
    return ['npm ci && npm run demo', 'npm ci && npm test']
      .filter((command) => !text.includes(command))
      .map((command) => ({ line: 1, what: `the README does not show "${command}"` }))
  },
  planted: [file('README.md', 'npm ci && npm test')],
  fine: [file('README.md', 'npm ci && npm test\nnpm ci && npm run demo')],
}

export const rules: readonly Rule[] = [
  rooms,
  timeAndChance,
  countedClient,
  coreNames,
  names,
  wholeTests,
  places,
  unitsLast,
  noEmptyCatch,
  oneDoorToMachine,
  pinned,
  promises,
]
