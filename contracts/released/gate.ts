import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { partners } from '../../simulators/index.ts'

/** The version that reads OpenAPI 3.1 with `webhooks`; others are not trusted to. */
export const oasdiffVersion = 'v1.33.0'

const folder = new URL('./', import.meta.url)

/** A change of a document that can break whoever relies on the released one. */
export interface Break {
  partner: string
  /**
   * How the changelog names it, in backticks: partner, operation, rule, and what it is about, so that naming one field lets no other pass:
   * `fynd placeOrder response-required-property-removed fynd_order_id 200`.
   */
  name: string
  text: string
}

/** Where oasdiff is: `OASDIFF`, else the ignored folder that `.ci/run` builds it into. Undefined: it is not there, or is another version. */
export function findOasdiff(): string | undefined {
  const file = process.env.OASDIFF ?? fileURLToPath(new URL('../../.tools/oasdiff', folder))
  try {
    accessSync(file, constants.X_OK)
  } catch {
    return undefined
  }
  // It tells no version of its own when Go built it, but Go writes down what it built.
  const built = `github.com/oasdiff/oasdiff\t${oasdiffVersion}`
  return readFileSync(file).includes(built) ? file : undefined
}

/** Versions with a copy, the newest last. */
export const releasedVersions = (): string[] =>
  readdirSync(folder)
    .filter((name) => /^\d+\.\d+\.\d+$/.test(name))
    .sort(byVersion)

/** What broke between two documents. Throws when oasdiff cannot read them. */
export function findBreaks(oasdiff: string, partner: string, base: string, now: string): Break[] {
  const { status, stdout, stderr } = spawnSync(
    oasdiff,
    ['breaking', '--format', 'json', '--allow-external-refs=false', base, now],
    { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  )
  if (status !== 0) throw new Error(`oasdiff compares nothing of ${partner}: ${stderr}`)
  const changes = JSON.parse(stdout) as {
    id: string
    text: string
    operation?: string
    operationId?: string
    path?: string
  }[]
  return changes.map(({ id, text, operation, operationId, path }) => {
    const where = operationId ?? (path === undefined ? undefined : `${operation} ${path}`)
    // oasdiff tells no arguments of a rule but in its sentence, in backticks.
    const about = [...text.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word)
    const words = where === undefined ? [about[0], id, ...about.slice(1)] : [where, id, ...about]
    return { partner, name: [partner, ...words].filter(Boolean).join(' '), text }
  })
}

/** What broke since the newest released copy, of every partner; a partner that is gone counts, too. */
export function breaksSince(oasdiff: string, version: string): Break[] {
  return readdirSync(new URL(`${version}/`, folder)).flatMap((file) => {
    const name = file.replace('.yaml', '')
    const partner = partners.find((each) => each.name === name)
    if (!partner)
      return [{ partner: name, name: `${name} partner-removed`, text: 'partner removed' }]
    const base = fileURLToPath(new URL(`${version}/${file}`, folder))
    return findBreaks(oasdiff, name, base, fileURLToPath(partner.wire))
  })
}

/** Breaks that the changelog does not name above the heading of this version. */
export function unnamed(breaks: readonly Break[], changelog: string, version: string): Break[] {
  const [above = ''] = changelog.split(`## [${version}]`)
  return breaks.filter(({ name }) => !above.includes(`\`${name}\``))
}

/** Versions of the changelog of which no copy was taken. */
export const versionsWithoutCopy = (changelog: string): string[] =>
  [...changelog.matchAll(/^## \[(\d+\.\d+\.\d+)\]/gm)]
    .map(([, version = '']) => version)
    .filter((version) => !existsSync(new URL(`${version}/`, folder)))

function byVersion(one: string, other: string): number {
  const [a, b] = [one, other].map((version) => version.split('.').map(Number))
  return [0, 1, 2].map((at) => (a?.[at] ?? 0) - (b?.[at] ?? 0)).find((gap) => gap !== 0) ?? 0
}
