import { expect, test } from 'vitest'
import { cursorTooOld } from './cursor-too-old.ts'
import { planBatch } from './testing.ts'

test("refuses in the partner's words and does nothing", () => {
  const sent = { query: {}, body: undefined }
  const { plan } = planBatch(cursorTooOld, {}, { tooOld: 'start over' }, sent)
  expect(plan).toMatchObject({
    apply: 'never',
    instead: { reason: 'invalid', message: 'start over' },
  })
})
