// Holds every partner's served document against its answers: starts the simulators on free ports, lets a few things happen on the
// partners' own side, and runs Schemathesis, one partner after the other. See check-schemathesis.
//
// Nothing is left out of the documents: every operation, every check of `checks`. What is left out elsewhere, and why:
// - The phase "stateful" walks links between operations. The documents name none, so it would walk guessed ones, for a tenth of the
//   time again. Ids that exist come from the examples instead, and from answers to other calls.
// - Made-up credentials: all calls but a few would end at the door, with a 401 or 403. For the same reason made-up signatures are sent
//   to one operation of FYND only (signing is optional, and nobody can guess one).
import { spawn } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve as resolvePath } from 'node:path'
import { createInterface } from 'node:readline'
import { load } from 'js-yaml'

const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
]
const startSecondsMax = 60
const bearer = (token) => ({ authorization: `Bearer ${token}` })
const inBase64 = (...parts) => Buffer.from(parts.join(':')).toString('base64')

/**
 * `headers`: a valid token. `fixed`: parameters that have one right value, as the credentials have. `prepare` lets something happen and
 * tells which ids of the document's examples stand for which ids of the world: [part of the path, id in the example, id in the world].
 * `without`: parameters that are sent to one operation only.
 */
const partners = {
  konnect: {
    headers: ({ access_token }) => ({ 'x-access-token': access_token }),
    async prepare({ act, call, example, credentials }) {
      const order = await act('konnect.order.place', { lines: [{ sku: 'TEE-M' }] })
      await act('konnect.order.advance', { order_id: order.order_id, to: 'bag_packed' })
      const job = await call('POST', '/v3/catalog/product', example('createProduct'))
      return [
        ['', '17675874000000000001', order.order_id],
        ['', '9001', order.items[0].order_item_id],
        ['/token', 'example-of username', credentials.username],
        ['/token', 'example-of password', credentials.password],
        ['/status', 'example-of trace_id', job.trace_id],
      ]
    },
  },
  fynd: {
    headers: ({ affiliate_id, token }) => bearer(inBase64(affiliate_id, token)),
    fixed: ({ affiliate_id }) => ({ affiliate_id }),
    without: { parameters: ['x-fp-date', 'x-fp-signature'], except: 'reportRefund' },
    async prepare({ act, credentials }) {
      const place = (affiliate_order_id, more) =>
        act('fynd.order.place', { affiliate_order_id, lines: [{ sku: 'TEE-M' }], ...more })
      const pending = await place('200001', { payment_mode: 'PREPAID' })
      const cancelled = await place('200002', { payment_mode: 'PREPAID', paid: true })
      await act('fynd.order.cancel', { affiliate_order_id: '200002' })
      const bagOf = ({ shipments }) => String(shipments[0].bags[0].bag_id)
      return [
        ['/refunds/', '43880', bagOf(cancelled)],
        ['', '43880', bagOf(pending)],
        ['', '17675874003948571620', pending.shipments[0].shipment_id],
        ['', 'FY695B3F480A5E405446', pending.fynd_order_id],
        ['', 'fa4efa4efa4efa4efa4efa4e', credentials.affiliate_id],
      ]
    },
  },
  arvind: {
    headers: ({ auth_token }) => bearer(auth_token),
    fixed: ({ channel_id }) => ({ channel_id }),
    async prepare({ act, credentials }) {
      const items = [{ skuId: 'TEE-M' }]
      await act('arvind.order.place', { orderReference: '10000000017', items })
      return [
        ['', '"channelId":"19"', `"channelId":"${credentials.channel_id}"`],
        ['', 'Brand_1234', credentials.warehouse_id],
        ['', 'OS00001', credentials.ordering_store_id],
      ]
    },
  },
  'payment-gateway': {
    headers: ({ key_id, key_secret }) => ({
      authorization: `Basic ${inBase64(key_id, key_secret)}`,
    }),
    prepare: async () => [],
  },
}

const [program, ...wanted] = process.argv.slice(2)
const unknown = wanted.filter((name) => !Object.hasOwn(partners, name))
if (!program || unknown.length > 0) {
  console.error(`usage: run-schemathesis.mjs SCHEMATHESIS [${Object.keys(partners).join(' | ')}]…`)
  process.exit(2)
}
const scratch = await mkdtemp(join(tmpdir(), 'understudy-schemathesis-'))
const simulators = spawn(
  process.execPath,
  ['bin/understudy.mjs', 'up', '--no-shop', '--port', '0', '--seed', '1', '--strict']
    // Nobody's timer fires while Schemathesis thinks, so that a seed tells the same story again.
    .concat('--world-clock', 'virtual'),
  { stdio: ['ignore', 'pipe', 'inherit'] },
)
try {
  const control = await readControlUrl(simulators)
  let isGood = true
  for (const name of wanted.length > 0 ? wanted : Object.keys(partners)) {
    if (!(await check(control, name))) isGood = false
  }
  process.exitCode = isGood ? 0 : 1
} finally {
  simulators.kill('SIGTERM')
  await rm(scratch, { recursive: true, force: true })
}

async function readControlUrl({ stdout }) {
  const late = setTimeout(() => simulators.kill('SIGKILL'), startSecondsMax * 1000)
  for await (const line of createInterface({ input: stdout })) {
    const url = /^control plane +(http:\/\/[^/]+)/.exec(line)?.[1]
    if (!url) continue
    clearTimeout(late)
    stdout.resume()
    return url
  }
  throw new Error('The simulators did not start')
}

/** Runs Schemathesis on one partner and tells what it saw; true: nothing to complain of. */
async function check(control, name) {
  const beganMs = Date.now()
  const world = `${control}/_sim/worlds/default`
  const { credentials, base_url } = (await ask('GET', world)).partners[name]
  const { headers, fixed, prepare, without } = partners[name]
  const origin = new URL(base_url).origin
  const document = load(await askText(`${control}/_sim/openapi/${name}.yaml`))
  if (without) dropParameters(document, without)
  const sent = headers(credentials)
  const ids = await prepare({
    credentials,
    act: async (act, input) => (await ask('POST', `${world}/acts/${act}`, input)).result,
    call: (method, path, body) => ask(method, `${origin}${path}`, body, sent),
    example: (operationId) => exampleOf(document, operationId),
  })
  const folder = await mkdtemp(join(scratch, `${name}-`))
  await writeFile(join(folder, 'document.json'), JSON.stringify(fillExamples(document, ids)))
  await writeFile(join(folder, 'schemathesis.toml'), renderSettings(fixed?.(credentials)))
  const { status, output } = await run(folder, origin, sent)
  const seen = await countStatuses(folder, document)
  const { bugs } = (await ask('GET', world)).counts
  const silent = [...seen].filter(([, statuses]) => ![...statuses.keys()].some(is2xx))
  console.log(`\n${name} (${Math.round((Date.now() - beganMs) / 1000)} s)`)
  for (const [operation, statuses] of seen) {
    const counts = [...statuses]
      .sort(([a], [b]) => a - b)
      .map(([code, times]) => `${code} × ${times}`)
    console.log(`  ${operation.padEnd(44)} ${counts.join(', ') || 'never called'}`)
  }
  if (status !== 0) console.log(output.replaceAll(/^(.{400}).+$/gm, '$1…'))
  for (const [operation] of silent) console.log(`  ${operation} was never answered with a 2xx`)
  if (bugs > 0) console.log(`  ${bugs} answers were not what the document says`)
  return status === 0 && seen.size > 0 && silent.length === 0 && bugs === 0
}

function is2xx(status) {
  return status >= 200 && status < 300
}

function dropParameters({ paths, components }, { parameters, except }) {
  for (const operation of Object.values(paths).flatMap((item) => Object.values(item))) {
    if (!operation.operationId || operation.operationId === except) continue
    operation.parameters = (operation.parameters ?? []).filter(({ name, $ref = '' }) => {
      const shared = components.parameters?.[$ref.split('/').at(-1)]
      return !parameters.includes(name ?? shared?.name)
    })
  }
}

/** The document as it is served, with the ids of its examples replaced by ids that this world knows. */
function fillExamples(document, ids) {
  const paths = Object.entries(document.paths).map(([path, item]) => {
    for (const { parameters = [] } of [item, ...Object.values(item)]) {
      for (const parameter of parameters) {
        const own = `example-of ${parameter.name}`
        if (ids.some(([, id]) => id === own)) parameter.example = own
      }
    }
    let text = JSON.stringify(item)
    for (const [part, from, to] of ids) if (path.includes(part)) text = text.replaceAll(from, to)
    return [path, JSON.parse(text)]
  })
  return { ...document, paths: Object.fromEntries(paths) }
}

function exampleOf(document, operationId) {
  const operations = Object.values(document.paths).flatMap((item) => Object.values(item))
  const found = operations.find((operation) => operation.operationId === operationId)
  return found.requestBody.content['application/json'].example
}

function renderSettings(fixed = {}) {
  const lines = Object.entries(fixed).map(([name, value]) => `${name} = ${JSON.stringify(value)}`)
  return ['[parameters]', ...lines].join('\n')
}

function run(folder, origin, headers) {
  const sent = Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`])
  const options = [
    'run',
    'document.json',
    `--url=${origin}`,
    `--checks=${checks.join(',')}`,
    '--phases=examples,coverage,fuzzing',
    '--seed=1',
    '--max-examples=50',
    '--workers=1',
    '--generation-database=none',
    '--generation-with-security-parameters=false',
    '--report=ndjson',
    '--report-dir=report',
    '--warnings=off',
    '--no-color',
    ...sent,
  ]
  return new Promise((resolve, reject) => {
    const child = spawn(resolvePath(program), options, {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text
      })
    }
    child.on('error', reject).on('close', (status) => resolve({ status, output }))
  })
}

/** Answers by operation of the document, in its order; calls with methods that it does not name are left out. */
async function countStatuses(folder, document) {
  const methods = ['get', 'put', 'post', 'delete', 'patch']
  const seen = new Map()
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of methods) {
      if (item[method]) seen.set(`${method.toUpperCase()} ${path}`, new Map())
    }
  }
  for (const file of await readdir(join(folder, 'report'))) {
    const input = createReadStream(join(folder, 'report', file))
    for await (const line of createInterface({ input })) {
      const { cases = {}, interactions = {} } = JSON.parse(line).ScenarioFinished?.recorder ?? {}
      for (const [id, { response }] of Object.entries(interactions)) {
        const { method, path } = cases[id].value
        const statuses = seen.get(`${method} ${path}`)
        const status = response?.status_code ?? 0
        statuses?.set(status, (statuses.get(status) ?? 0) + 1)
      }
    }
  }
  return seen
}

async function askText(url) {
  const answer = await fetch(url)
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}`)
  return answer.text()
}

async function ask(method, url, body, headers = {}) {
  const answer = await fetch(url, {
    method,
    headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (answer.status !== 200) throw new Error(`${method} ${url} answered ${answer.status}: ${text}`)
  return JSON.parse(text)
}
