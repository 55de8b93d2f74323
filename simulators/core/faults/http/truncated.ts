import { z } from 'zod'
import { defineHttpFault } from '../fault.ts'

export const truncated = defineHttpFault({
  name: 'truncated',
  about: 'Does what was asked; the connection breaks after the first `bytes` of the answer.',
  options: z.object({ bytes: z.int().min(0).max(1_000_000).default(20) }),
  apply: (plan, { options }) => ({
    ...plan,
    transport: { kind: 'truncate', bytes: options.bytes },
  }),
})
