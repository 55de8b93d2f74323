import type { WebhookFault } from '../fault.ts'
import { delay } from './delay.ts'
import { drop } from './drop.ts'
import { duplicate } from './duplicate.ts'
import { reorder } from './reorder.ts'
import { wrongSignature } from './wrong-signature.ts'

/** Every webhook fault, one line each. */
export const webhookFaults = [
  delay,
  drop,
  duplicate,
  reorder,
  wrongSignature,
] as readonly WebhookFault[]
