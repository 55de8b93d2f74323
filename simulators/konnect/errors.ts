import { type Answer, answer } from '../core/answer.ts'
import type { Refusal, RefusalReason } from '../core/refusal.ts'

/** ASSUMED (facts/konnect.md 1.5, 5): the statuses of a call that is refused as a whole. */
const statuses: Record<RefusalReason, number> = {
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  // Only acts say this: nobody on the wire asks for it.
  conflict: 409,
  'too-large': 413,
  'unsupported-media-type': 415,
  'rate-limited': 429,
  unavailable: 503,
}

/** The one envelope of refused calls; Track Shipment speaks lower case (facts/konnect.md 2.30). */
export function renderRefusal(refusal: Refusal, call: { operationId: string | undefined }): Answer {
  const status = Object.hasOwn(statuses, refusal.reason) ? statuses[refusal.reason] : 400
  const word = call.operationId === 'trackShipment' ? 'error' : 'FAILED'
  return answer(status ?? 400, { status: word, message: refusal.message })
}

/** One record of a batch fails alone; nothing of it was applied. Thrown inside `eachRecord`, nowhere else. */
export class RecordFailure extends Error {
  readonly code: string
  readonly orderItemId: string | undefined

  constructor(code: string, message: string, orderItemId?: string) {
    super(message)
    this.name = 'RecordFailure'
    this.code = code
    this.orderItemId = orderItemId
  }
}

/**
 * Codes of one order operation. Documented ones are those of facts/konnect.md 2.20 to 2.31; those of cancel, AWB, status and return are
 * ASSUMED.
 */
export interface OrderCodes {
  /** The order is not in the location that the token (or the seller) has. */
  elsewhere: string
  /** Order or item is cancelled. */
  cancelled: string
  /** The record itself is wrong, or the order is not in the state that the call needs. */
  wrong: string
}

/** ASSUMED: a write to a locked order (facts/konnect.md 5, 23). */
export const lockedCode = 'LK423'

export const codes = {
  cancel: { elsewhere: 'CN422', cancelled: 'CN401', wrong: 'CN400', late: 'CN403' },
  confirm: { elsewhere: 'O422', cancelled: 'O400', wrong: 'O400' },
  invoice: {
    elsewhere: 'IN400',
    cancelled: 'IN401',
    wrong: 'IN400',
    rules: 'IN422',
    repeated: 'IN453',
    early: 'IN403',
  },
  awb: { elsewhere: 'AW422', cancelled: 'AW401', wrong: 'AW400', notSelfShip: 'AW403' },
  pack: { elsewhere: 'CR422', cancelled: 'CR401', wrong: 'CR400' },
  courier: { elsewhere: 'C400', cancelled: 'C403', wrong: 'C400', early: 'C403' },
  label: { elsewhere: 'L400', cancelled: 'L403', wrong: 'L400', early: 'L403' },
  customerInvoice: { elsewhere: 'IN400', cancelled: 'IN403', wrong: 'IN400', early: 'IN403' },
  dispatch: { elsewhere: 'D422', cancelled: 'D401', wrong: 'D400' },
  status: { elsewhere: 'SS422', cancelled: 'SS401', wrong: 'SS400', notSelfShip: 'SS403' },
  qualityCheck: { elsewhere: 'R422', cancelled: 'R400', wrong: 'R400', repeated: 'R453' },
} as const satisfies Record<string, OrderCodes & Record<string, string>>

/** ASSUMED (facts/konnect.md 5, 6). */
export const stockCodes = {
  price: { wrong: 'P400', unknown: 'P422' },
  inventory: { wrong: 'I400', unknown: 'I422' },
} as const
