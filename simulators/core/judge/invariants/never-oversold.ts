import type { Breach, Invariant } from '../invariant.ts'

const buckets = ['sellable', 'committed', 'unavailable', 'out'] as const

export const neverOversold: Invariant = {
  name: 'never-oversold',
  law: 'No bucket of stock is ever below zero.',
  holdsFor: 'every partner with stock',
  needs: ['stock'],
  check: (input) =>
    Object.entries(input.partners).flatMap(([partner, view]) =>
      (view.stock ?? []).flatMap((row) =>
        buckets
          // Written so that NaN is a breach too.
          .filter((bucket) => !(row[bucket] >= 0))
          .map(
            (bucket): Breach => ({
              invariant: 'never-oversold',
              partner,
              subject: `${row.sku} @ ${row.store}`,
              message: `${row.sku} @ ${row.store} has ${row[bucket]} ${bucket}: more was promised than there is.`,
              expected: '0 or more',
              found: row[bucket],
            }),
          ),
      ),
    ),
}
