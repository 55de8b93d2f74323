import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { createWorld } from '../simulators/index.ts'
import { runCommand } from './commands/run.ts'
import { upCommand } from './commands/up.ts'
import { renderPartners } from './describe-world.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

it('the README shows what `up` prints, the credentials of seed 1 with it', () => {
  const [fynd = ''] = renderPartners(createWorld()).split('\n\n')
  expect(readme).toContain(fynd)
})

it('the example for Vitest is the file that runs as a test beside this one', () => {
  const example = readFileSync(new URL('./readme-example.test.ts', import.meta.url), 'utf8')
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\`\n`)
})

it('the table of commands names every option that takes a file', async () => {
  const table = readme.slice(readme.indexOf('## The command line'), readme.indexOf('## Scenarios'))
  for (const command of [upCommand(), runCommand()]) {
    const row = table.split('\n').find((line) => line.includes(`understudy ${command.name()}`))
    const files = command.options.filter(({ flags }) => flags.includes('<file>'))
    expect(files.length).toBeGreaterThan(0)
    for (const { long } of files) expect(row).toContain(long)
  }
})

it('every link of the README leads to a file', () => {
  const links = [...readme.matchAll(/\]\((?!https:)([^)#]+)\)/g)].map(([, path]) => path ?? '')
  expect(links.length).toBeGreaterThan(3)
  for (const path of links) readFileSync(new URL(`../${path}`, import.meta.url))
})
