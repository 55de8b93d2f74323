import type { Breach, Invariant } from '../invariant.ts'

export const stockConserved: Invariant = {
  name: 'stock-conserved',
  law: 'For each SKU and store, sellable + committed + unavailable + out = opening stock plus adjustments.',
  holdsFor: 'every partner with stock',
  needs: ['stock'],
  check: (input) =>
    Object.entries(input.partners).flatMap(([partner, view]) =>
      (view.stock ?? []).flatMap((row): Breach[] => {
        const found = row.sellable + row.committed + row.unavailable + row.out
        const expected = row.opening + row.adjusted
        if (found === expected) return []
        const subject = `${row.sku} @ ${row.store}`
        return [
          {
            invariant: 'stock-conserved',
            partner,
            subject,
            message:
              `${subject}: ${row.sellable} sellable + ${row.committed} committed + ` +
              `${row.unavailable} unavailable + ${row.out} out = ${found}, but ` +
              `${row.opening} opening + ${row.adjusted} adjusted = ${expected}.`,
            expected,
            found,
          },
        ]
      }),
    ),
}
