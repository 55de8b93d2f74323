/** Every queue, body, list and loop of core has a named limit. A test reads each. */
export const limits = {
  /** Body of a call to a partner. */
  bodyBytesMax: 2 * 1024 * 1024,
  /** Path and query of a call. */
  targetBytesMax: 16 * 1024,
  /** Journal kept in memory, a world. */
  journalBytesMax: 16 * 1024 * 1024,
  /** One body as the journal keeps it; the rest is cut and said so. */
  journalBodyCharsMax: 64 * 1024,
  /** Calls that wait for a held answer, a world. */
  heldAnswersMax: 10_000,
  /** Misunderstood calls and bugs kept with their words; the count goes on. */
  findingsMax: 1_000,
  /** Orders that clients may claim, a world. */
  claimsMax: 1_000_000,
  /** Timers that fire in one move of the clock before it is called a loop. */
  timersPerMoveMax: 5_000_000,
  /** Inputs kept in memory on request. */
  inputsMax: 2_000_000,
} as const
