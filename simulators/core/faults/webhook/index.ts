import type { WebhookFault } from '../fault.ts'
import { bodyReserialised } from './body-reserialised.ts'
import { burst } from './burst.ts'
import { delay } from './delay.ts'
import { drop } from './drop.ts'
import { duplicate } from './duplicate.ts'
import { keyRotated } from './key-rotated.ts'
import { mutatedBody } from './mutated-body.ts'
import { otherAccount } from './other-account.ts'
import { overtake } from './overtake.ts'
import { receiverDown } from './receiver-down.ts'
import { reorder } from './reorder.ts'
import { staleTimestamp } from './stale-timestamp.ts'
import { unknownEvent } from './unknown-event.ts'
import { unknownItem } from './unknown-item.ts'
import { unknownOrder } from './unknown-order.ts'
import { wrongSignature } from './wrong-signature.ts'

/** Every webhook fault, one line each. */
export const webhookFaults = [
  bodyReserialised,
  burst,
  delay,
  drop,
  duplicate,
  keyRotated,
  mutatedBody,
  otherAccount,
  overtake,
  receiverDown,
  reorder,
  staleTimestamp,
  unknownEvent,
  unknownItem,
  unknownOrder,
  wrongSignature,
] as readonly WebhookFault[]
