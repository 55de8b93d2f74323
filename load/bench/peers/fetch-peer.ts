import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Installs a package of npm without its install scripts, once; answers its folder. */
export function fetchFromNpm(tools: string, name: string, version: string): Promise<string> {
  return fetchOnce(join(tools, folderOf(name, version)), async (folder) => {
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-save']
    await run('npm', ['install', '--prefix', folder, ...options, `${name}@${version}`])
  })
}

/** Copies a jar from Maven Central, once; answers the folder with it. Refuses other bytes than the pinned ones. */
export async function fetchFromMaven(
  tools: string,
  { group, name, version, sha256 }: Jar,
): Promise<string> {
  const folder = await fetchOnce(join(tools, folderOf(name, version)), async (into) => {
    await run('mvn', [
      '-q',
      '-B',
      '-C',
      'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy',
      `-Dartifact=${group}:${name}:${version}`,
      `-DoutputDirectory=${into}`,
    ])
  })
  const jar = join(folder, `${name}-${version}.jar`)
  const found = createHash('sha256')
    .update(await readFile(jar))
    .digest('hex')
  if (found !== sha256) throw new Error(`${jar} has the SHA-256 ${found}, wanted ${sha256}`)
  return folder
}

export interface Jar {
  group: string
  name: string
  version: string
  sha256: string
}

const folderOf = (name: string, version: string) =>
  `${name.replace('@', '').replace('/', '-')}-${version}`

/** A fetch that breaks off leaves no folder that looks whole. */
export async function fetchOnce(
  folder: string,
  fetchInto: (folder: string) => Promise<void>,
): Promise<string> {
  if (existsSync(folder)) return folder
  const part = `${folder}.part`
  await rm(part, { recursive: true, force: true })
  await mkdir(part, { recursive: true })
  await fetchInto(part)
  await rename(part, folder)
  return folder
}

/** Rejects with the last line that it said. */
export function run(command: string, words: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    const hear = (chunk: Buffer) => {
      said = `${said}${chunk}`.slice(-4_000)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('error', () => reject(new Error(`${command} cannot be run here`)))
    child.once('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`${command} ended with ${code}: ${said.trim().split('\n').at(-1)}`))
    })
  })
}
