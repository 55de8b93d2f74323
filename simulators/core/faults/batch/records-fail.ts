import { z } from 'zod'
import { type BatchShape, recordsOf, type SentCall, withRecords } from '../../batch-shape.ts'
import { defineBatchFault } from '../fault.ts'
import { rewriteAnswer, rewriteCall } from './rewrite.ts'

const value = z.union([z.string(), z.number()])

export const recordsFail = defineBatchFault({
  name: 'records-fail',
  about: 'Single records of a batch fail with a code, the others are done.',
  options: z.object({
    code: z.string().min(1).max(50).default('SIM500'),
    /** Which records: each key with (one of) its value. Records that are texts have the key `value`. None: all. */
    records: z.record(z.string(), z.union([value, z.array(value).min(1)])).default({}),
  }),
  needs: ['records'],
  apply: (plan, { options, batch }) => {
    const isStruck = matcher(options.records)
    const { refuse } = batch
    if (refuse) {
      const spoilt = (each: unknown) => (isStruck(each) ? refuse(each, options.code) : each)
      return rewriteCall(plan, (call) =>
        withRecords(batch, call, recordsOf(batch, call).map(spoilt)),
      )
    }
    const failed = (call: SentCall) => recordsOf(batch, call).filter(isStruck)
    const left = (call: SentCall) => recordsOf(batch, call).filter((each) => !isStruck(each))
    const changed = rewriteCall(plan, (call) => withRecords(batch, call, left(call)))
    return rewriteAnswer(changed, (answer, call) =>
      failIn(batch, options.code, failed(call), answer),
    )
  },
})

function failIn(
  { fail }: BatchShape,
  code: string,
  failed: readonly unknown[],
  answer: Parameters<NonNullable<BatchShape['fail']>>[0],
) {
  const isAnswered = answer.status < 300 && failed.length > 0
  return fail && isAnswered ? fail(answer, failed, code) : answer
}

function matcher(wanted: Record<string, unknown>) {
  const keys = Object.entries(wanted).map(
    ([key, values]) => [key, new Set([values].flat().map(String))] as const,
  )
  return (record: unknown) =>
    keys.every(([key, values]) => {
      const found = typeof record === 'object' ? Reflect.get(Object(record), key) : record
      return values.has(String(found))
    })
}
