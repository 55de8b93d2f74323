import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readStates } from './verify-states.ts'

it('reads what sentences mean, and names the one that is wrong', () => {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-states-'))
  const file = join(folder, 'states.yaml')
  writeFileSync(
    file,
    'it was sold: [{ fynd.order.place: { lines: [{ sku: TEE-M }] } }, { fault: { name: status } }]\nit is open:\nno order: [konnect.couriers.return:]',
  )
  expect(readStates(file)).toEqual({
    'it was sold': [
      ['fynd.order.place', { lines: [{ sku: 'TEE-M' }] }],
      ['fault', { name: 'status' }],
    ],
    'it is open': [],
    'no order': [['konnect.couriers.return', {}]],
  })
  writeFileSync(file, 'it was sold: fynd.order.place')
  expect(() => readStates(file)).toThrow(`${file}: it was sold: write for example`)
  writeFileSync(file, 'a: [')
  expect(() => readStates(file)).toThrow(`Cannot read the states ${file}`)
  rmSync(folder, { recursive: true })
})
