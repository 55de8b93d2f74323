import { z } from 'zod'
import { duration } from '../duration.ts'
import { defineHttpFault } from '../fault.ts'

/** Only sockets can drip: in-process the answer arrives whole. */
export const slowDrip = defineHttpFault({
  name: 'slow-drip',
  about: 'Answers correctly, a few bytes at a time on the clock of the world (over sockets only).',
  options: z.object({
    chunkBytes: z.int().min(1).max(1_000_000).default(16),
    gap: duration.prefault('1s'),
  }),
  apply: (plan, { options }) => ({
    ...plan,
    transport: { kind: 'drip', chunkBytes: options.chunkBytes, everyMs: options.gap },
  }),
})
