import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { createWorld } from '../simulators/index.ts'
import { renderPartners } from './describe-world.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

it('the README shows what `up` prints, the credentials of seed 1 with it', () => {
  const [fynd = ''] = renderPartners(createWorld()).split('\n\n')
  expect(readme).toContain(fynd)
})

it('every link of the README leads to a file', () => {
  const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, path]) => path ?? '')
  expect(links.length).toBeGreaterThan(3)
  for (const path of links) readFileSync(new URL(`../${path}`, import.meta.url))
})
