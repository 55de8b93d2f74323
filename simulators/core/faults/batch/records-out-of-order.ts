import { z } from 'zod'
import { recordsOf, withRecords } from '../../batch-shape.ts'
import { defineBatchFault } from '../fault.ts'
import { rewriteCall } from './rewrite.ts'

export const recordsOutOfOrder = defineBatchFault({
  name: 'records-out-of-order',
  about: 'The records of a batch are applied from the last to the first.',
  options: z.object({}),
  needs: ['records'],
  apply: (plan, { batch }) =>
    rewriteCall(plan, (call) => withRecords(batch, call, recordsOf(batch, call).toReversed())),
})
