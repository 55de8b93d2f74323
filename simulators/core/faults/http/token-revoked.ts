import { z } from 'zod'
import { Refusal } from '../../refusal.ts'
import { defineHttpFault } from '../fault.ts'

export const tokenRevoked = defineHttpFault({
  name: 'token-revoked',
  about: 'Refuses good credentials as if they were bad or had expired; nothing is done.',
  options: z.object({}),
  apply: (plan) => ({
    ...plan,
    apply: 'never',
    instead: new Refusal('unauthorized', 'Token is revoked or expired'),
  }),
})
