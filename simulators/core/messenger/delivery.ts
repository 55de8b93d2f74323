/**
 * How one delivery stands. `delivered`: a 2xx came. `waiting`: an attempt or retry is due. `held`: a webhook fault holds it until
 * others overtake it. `under-way`: an attempt waits for its answer. `resync`: its subscriber is blocked; it is sent on re-activation.
 * Ends besides `delivered`: `dropped` (by a fault), `disabled` (the ladder ended; the subscriber is blocked), `dead` (the ladder ended, or
 * there is nowhere to send it; `deadLetter` says which).
 */
export const deliveryStates = [
  'waiting',
  'held',
  'under-way',
  'resync',
  'delivered',
  'dropped',
  'disabled',
  'dead',
] as const
export type DeliveryState = (typeof deliveryStates)[number]

/** `refused`: the answer was the channel's last word. */
export const deadLetters = [
  'ladder-ended',
  'refused',
  'no-receiver',
  'host-not-allowed',
  'reset',
] as const
export type DeadLetter = (typeof deadLetters)[number]

export interface Attempt {
  number: number
  atMs: number
  /** Answer's status, or why there was none. Undefined while under way. */
  outcome?: Outcome
  endedMs?: number
  /** Journal sequence number of its beginning. */
  seq: number
}

/** One event on its way to one subscriber. Plain data; lives in the messenger's ledger. */
export interface Delivery {
  /** `d-1`, `d-2`, … in order of emission. */
  id: string
  partner: string
  channel: string
  event: string
  eventId: string
  subscriber: string
  /** Fixed target; undefined: the channel's URL at the time of the attempt. */
  url?: string
  contentType: string
  headers: Record<string, string>
  /** The bytes that are signed. */
  body: string
  /** So many of its first attempts are signed with another secret. */
  wrongSignatures?: number
  /** What a fault made of the wire after signing; undefined: nothing. */
  tamper?: {
    body?: string
    headers?: Record<string, string>
    /** Of so many first attempts; undefined: of all. */
    attempts?: number
  }
  createdMs: number
  /**
   * When the next attempt is due on the ladder; while `held`, meaningless. An attempt that waited for its answer longer than the gap
   * leaves as soon as it has ended; the ladder behind it does not shift.
   */
  dueMs: number
  state: DeliveryState
  deadLetter?: DeadLetter
  /** The armed fault that holds it. */
  heldBy?: string
  /** Oldest first; of a delivery that is sent again and again only the last ones (`attemptsKeptMax`). */
  attempts: Attempt[]
  /** Attempts since it last set foot on the ladder: emission, redelivery or resync. */
  tries: number
  /** Names of the armed faults that changed it, oldest first. */
  faults: string[]
  /** Journal sequence number of the event that it carries. */
  cause: number
  /** Journal sequence number of its own entry: the cause of its attempts. */
  seq: number
}

/** What leaves for the receiver; the answer comes back as an input of the world. */
export interface OutgoingCall {
  deliveryId: string
  attempt: number
  url: string
  method: 'POST'
  headers: Record<string, string>
  body: string
  timeoutMs: number
  /** The partner reads what the receiver says: the outcome must carry the answer's body, at most `answerBytesMax` of it. */
  wantsBody: boolean
}

/** Of one answer. */
export const answerBytesMax = 256 * 1024

/** What a receiver answered to one attempt. */
export type Outcome = { status: number; body?: string } | { error: string }
