// Opens the docs of a running simulator in Chromium and does what a newcomer does: press Execute, download the document.
import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { load } from 'js-yaml'
import { chromium } from 'playwright-core'

const waitMsMax = 60_000
const [executablePath] = process.argv.slice(2)
const simulators = spawn(
  process.execPath,
  ['bin/understudy.mjs', 'up', '--no-shop', '--port', '0', '--seed', '1'],
  { stdio: ['ignore', 'pipe', 'inherit'] },
)
let browser
try {
  const control = await readControlUrl(simulators)
  browser = await chromium.launch({
    executablePath,
    args: [
      // No name but this address is ever resolved, for the browser's own business neither.
      '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  })
  const page = await browser.newPage()
  page.setDefaultTimeout(waitMsMax)
  const strangers = []
  const complaints = []
  page.on('request', (request) => {
    if (isStranger(request.url())) strangers.push(request.url())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })

  await page.goto(`${control}/docs/konnect`)
  const read = await execute(page, 'operations-Catalog-fetchDepartments')
  want('a read call answers 200', read.status === '200' && read.body.items?.length > 0, read)
  const written = await execute(page, 'operations-Inventory-updateInventory')
  const counted = written.body.data?.success_count === 1
  want(
    'a write call with the example body answers 200',
    written.status === '200' && counted,
    written,
  )

  await page.goto(`${control}/docs`)
  const download = page.waitForEvent('download')
  await page.click('a[href="/_sim/openapi/konnect.yaml"]')
  const { servers } = load(await readFile(await (await download).path(), 'utf8'))
  const sandboxes = servers.map(({ url }) => new URL(url).pathname)
  const known = ['/a/fyndkonnect', '/a/ginesys', '/a/unicommerce']
  want('the downloaded document lists the three sandboxes', `${sandboxes}` === `${known}`, servers)
  want('nothing was asked beyond loopback', strangers.length === 0, strangers)
  want('the browser has nothing to complain of', complaints.length === 0, complaints)
} finally {
  await browser?.close()
  simulators.kill('SIGTERM')
}

function isStranger(url) {
  const { protocol, hostname } = new URL(url)
  return protocol !== 'data:' && protocol !== 'blob:' && hostname !== '127.0.0.1'
}

/** Unfolds an operation, presses Execute and reads what the page then shows. */
async function execute(page, id) {
  const operation = page.locator(`#${id}`)
  await operation.locator('.opblock-summary-control').click()
  await operation.locator('button.execute').click()
  const live = operation.locator('.live-responses-table .response')
  const status = await live.locator('.response-col_status').textContent()
  const body = await live.locator('.response-col_description pre').first().textContent()
  return { status: status.trim().split(/\s/)[0], body: JSON.parse(body) }
}

async function readControlUrl({ stdout }) {
  const late = setTimeout(() => simulators.kill('SIGKILL'), waitMsMax)
  for await (const line of createInterface({ input: stdout })) {
    const url = /^control plane +(http:\/\/[^/]+)/.exec(line)?.[1]
    if (!url) continue
    clearTimeout(late)
    stdout.resume()
    return url
  }
  throw new Error('The simulators did not start')
}

function want(what, isTrue, found) {
  if (!isTrue) throw new Error(`${what}: ${JSON.stringify(found).slice(0, 2_000)}`)
  console.log(`ok: ${what}`)
}
