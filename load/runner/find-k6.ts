import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'

export const k6Version = 'v1.8.1'

/** What to do where k6 can neither be found nor built. */
export const howToGetK6 = `k6 ${k6Version} is neither at $K6, nor in .tools, nor on PATH, and there is no Go to build it with.
Take it from https://github.com/grafana/k6/releases/tag/${k6Version} and put k6 on PATH, or install Go and run this again.`

interface Place {
  /** Top of the checkout. */
  top: string
  environment: NodeJS.ProcessEnv
}

/** Path of k6: what $K6 names, what was built before, what is on PATH in the right version, or built now. Undefined: none can be had. */
export function findK6({ top, environment }: Place): string | undefined {
  const { K6, PATH = '' } = environment
  if (K6) return existsSync(K6) ? K6 : undefined
  const tools = join(top, '.tools')
  const folders = [tools, ...PATH.split(delimiter).filter(Boolean)]
  const found = folders.map((folder) => join(folder, binary)).find(isWantedVersion)
  return found ?? buildK6(tools, environment)
}

const binary = process.platform === 'win32' ? 'k6.exe' : 'k6'

function isWantedVersion(path: string): boolean {
  if (!existsSync(path)) return false
  const { stdout, status } = spawnSync(path, ['version'], { encoding: 'utf8' })
  return status === 0 && stdout.includes(`${k6Version} `)
}

/** Once, into an ignored folder; takes a minute or two. */
function buildK6(tools: string, environment: NodeJS.ProcessEnv): string | undefined {
  if (spawnSync('go', ['version'], { env: environment }).status !== 0) return undefined
  console.log(`Building k6 ${k6Version} into .tools, once …`)
  mkdirSync(tools, { recursive: true })
  const { status } = spawnSync('go', ['install', `go.k6.io/k6@${k6Version}`], {
    env: { ...environment, GOBIN: tools },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return status === 0 ? join(tools, binary) : undefined
}
