import { expect, it } from 'vitest'
import { createRedactor } from './redact.ts'

const redactor = createRedactor(
  { acme: { id: 'open-id-1', token: 'fake-token-1', secret: 'fake-secret-1' } },
  { acme: ['id'] },
)

it('hides secrets wherever they stand and leaves open values alone', () => {
  expect(redactor.hide('open-id-1 fake-token-1, "fake-secret-1"')).toBe(
    'open-id-1 {{acme.token}}, "{{acme.secret}}"',
  )
})

it('knows a pair in base64 and gives it back', () => {
  const header = `Basic ${Buffer.from('open-id-1:fake-token-1').toString('base64')}`
  const hidden = redactor.hideAuthorization(header)
  expect(hidden).toBe('Basic {{acme.id:token}}')
  expect(redactor.reveal(hidden)).toBe(header)
})

it('numbers unknown credentials, the same each time', () => {
  expect(redactor.hideAuthorization('Basic wrong')).toBe('{{unknown:1}}')
  expect(redactor.hideAuthorization('Basic other')).toBe('{{unknown:2}}')
  expect(redactor.hideAuthorization('Basic wrong')).toBe('{{unknown:1}}')
  expect(redactor.reveal('{{unknown:1}}')).toBe('{{unknown:1}}')
})
