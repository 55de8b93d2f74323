import { z } from 'zod'
import { type BatchShape, recordsOf, withRecords } from '../../batch-shape.ts'
import { defineBatchFault } from '../fault.ts'
import { rewriteCall } from './rewrite.ts'

export const jobFailsLater = defineBatchFault({
  name: 'job-fails-later',
  about: 'The intake of a job reports success; the job then fails on its records.',
  options: z.object({
    /** How many records fail, from the first on. None: all. */
    records: z.int().min(1).optional(),
  }),
  needs: ['records', 'spoil'],
  apply: (plan, { options, batch }) =>
    rewriteCall(plan, (call) => {
      const all = recordsOf(batch, call)
      const count = options.records ?? all.length
      return withRecords(
        batch,
        call,
        all.map((record, at) => (at < count ? spoiled(batch, record) : record)),
      )
    }),
})

const spoiled = ({ spoil }: BatchShape, record: unknown) => (spoil ? spoil(record) : record)
