import type { Invariant } from '../invariant.ts'

const name = 'calls-understood'

export const callsUnderstood: Invariant = {
  name,
  law: "No call of the shop was unmatched or broke the partner's schema, unless a step expected that refusal.",
  holdsFor: 'every partner',
  needs: ['calls'],
  check: (input) =>
    (input.misunderstood ?? [])
      .filter((call) => !call.expected)
      .map((call) => ({
        invariant: name,
        partner: call.partner,
        subject: `${call.method} ${call.path} (#${call.seq})`,
        message: `${call.partner} did not understand ${call.method} ${call.path} (#${call.seq}): ${call.why}.`,
      })),
}
