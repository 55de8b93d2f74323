import { z } from 'zod'
import { Refusal } from '../../refusal.ts'
import { defineBatchFault } from '../fault.ts'

export const cursorTooOld = defineBatchFault({
  name: 'cursor-too-old',
  about: 'Where the client stopped lies too far back for the partner; nothing is done.',
  options: z.object({}),
  needs: ['tooOld'],
  apply: (plan, { batch }) => ({
    ...plan,
    apply: 'never',
    instead: new Refusal('invalid', batch.tooOld ?? 'Too old'),
  }),
})
