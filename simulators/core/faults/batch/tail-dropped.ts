import { z } from 'zod'
import { recordsOf, withRecords } from '../../batch-shape.ts'
import { defineBatchFault } from '../fault.ts'
import { rewriteCall } from './rewrite.ts'

export const tailDropped = defineBatchFault({
  name: 'tail-dropped',
  about: 'Only the first records of a batch are looked at; the answer speaks of no others.',
  options: z.object({ keep: z.int().min(0).default(1) }),
  needs: ['records'],
  apply: (plan, { options, batch }) =>
    rewriteCall(plan, (call) =>
      withRecords(batch, call, recordsOf(batch, call).slice(0, options.keep)),
    ),
})
