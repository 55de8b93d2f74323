import type { Invariant } from '../invariant.ts'

const name = 'no-simulator-bug'

export const noSimulatorBug: Invariant = {
  name,
  law: 'No bug of the simulators was logged.',
  holdsFor: 'every partner',
  needs: ['bugs'],
  check: (input) =>
    (input.bugs ?? []).map((bug) => ({
      invariant: name,
      ...(bug.partner === undefined ? {} : { partner: bug.partner }),
      subject: `bug #${bug.seq}`,
      message: `The simulator itself failed (#${bug.seq}): ${bug.message}`,
    })),
}
