import { copyFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { partners } from '../../simulators/index.ts'

/** `npx tsx contracts/released/take.ts 0.0.1`: keeps a copy of every partner's document as this version has it. */
const version = process.argv[2] ?? ''
if (!/^\d+\.\d+\.\d+$/.test(version)) {
  console.error(`"${version}" is no version. Give one: npx tsx contracts/released/take.ts 0.0.1`)
  process.exit(2)
}
const changelog = readFileSync(new URL('../../CHANGELOG.md', import.meta.url), 'utf8')
const folder = new URL(`./${version}/`, import.meta.url)
if (changelog.includes(`## [${version}]`) && !process.argv.includes('--again')) {
  console.error(
    `${version} is released: its copy stays as it is. (--again, if it was never published.)`,
  )
  process.exit(2)
}
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder)
for (const { name, wire } of partners) copyFileSync(wire, new URL(`${name}.yaml`, folder))
console.log(`Kept the documents of ${partners.map(({ name }) => name).join(', ')} as ${version}.`)
