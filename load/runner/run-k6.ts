import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openSimulators } from '../../simulators/server.ts'

/**
 * `npm run load [QUESTION]`: runs `load/QUESTION.ts` (default `checkout`) with k6 against simulators of its own, or against the control
 * plane at CONTROL (with TOKEN). PROFILE, KEEP and K6 (path of the binary) may be set. Exits as k6 does: 0 green, 99 a threshold
 * was not met; 2 when k6 is not here; 1 when the results were not written.
 */
const top = fileURLToPath(new URL('../../', import.meta.url))
const question = process.argv[2] ?? 'checkout'
const results = join(top, 'out', 'load')

process.exitCode = await main()

async function main(): Promise<number> {
  const script = join(top, 'load', `${question}.ts`)
  if (!/^[a-z][a-z-]*$/.test(question) || !existsSync(script)) {
    console.error(`Unknown load question "${question}". The scripts stand in load/.`)
    return 2
  }
  const k6 = findK6()
  if (k6 === undefined) {
    console.error('not run: k6 is neither at $K6, nor in .tools, nor on PATH. See load/README.md.')
    return 2
  }
  const files = ['json', 'xml', 'html'].map((kind) => join(results, `${question}.${kind}`))
  mkdirSync(results, { recursive: true })
  for (const file of files) rmSync(file, { force: true })

  const { CONTROL } = process.env
  const simulators = CONTROL === undefined ? await openSimulators({ port: 0 }) : undefined
  const code = await run(k6, script, CONTROL ?? simulators?.controlUrl ?? '')
  await simulators?.close()

  // k6 says nothing and exits 0 when it cannot write its summary.
  const missing = files.filter((file) => !existsSync(file))
  if (missing.length > 0) {
    console.error(`k6 did not write ${missing.join(', ')}.`)
    return code === 0 ? 1 : code
  }
  console.log(`Results: ${files.join(', ')}`)
  return code
}

function findK6(): string | undefined {
  const folders = [join(top, '.tools'), ...(process.env.PATH ?? '').split(delimiter)]
  const candidates = [process.env.K6 ?? '', ...folders.map((folder) => join(folder, 'k6'))]
  return candidates.find((path) => path !== '' && existsSync(path))
}

function run(k6: string, script: string, control: string): Promise<number> {
  const child = spawn(k6, ['run', '--quiet', script], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, CONTROL: control, RESULTS: results, K6_NO_USAGE_REPORT: 'true' },
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
