import type { Breach, Invariant, JudgeInput } from '../invariant.ts'

const name = 'quantity-agrees'

export const quantityAgrees: Invariant = {
  name,
  law: "The shop's quantity of each SKU is the partner's, minus the safety stock, and never below zero.",
  holdsFor: 'every partner that gives quantities to a shop',
  needs: ['quantities', 'shop.quantities'],
  undecided: (input) => {
    const names = candidates(input)
    if (names.length === 1) return undefined
    const partner = input.shop?.partner
    return partner === undefined
      ? `the shop does not say whose quantities it shows: ${names.join(', ')}`
      : `the shop shows quantities of "${partner}", which gives none`
  },
  check(input) {
    const [partner = ''] = candidates(input)
    const theirs = input.partners[partner]?.quantities ?? {}
    const safety = input.shop?.safety_stock ?? 0
    return Object.entries(input.shop?.quantities ?? {}).flatMap(([sku, found]): Breach[] => {
      // A SKU that the partner never had is none to sell.
      const total = Object.hasOwn(theirs, sku) ? (theirs[sku] ?? 0) : 0
      const expected = Math.max(0, total - safety)
      if (found === expected) return []
      return [
        {
          invariant: name,
          partner,
          subject: sku,
          message: `The shop shows ${found} of ${sku}; ${partner} has ${total}, safety stock ${safety}, so it should be ${expected}.`,
          expected,
          found,
        },
      ]
    })
  },
}

/** Whose quantities the shop may be showing. */
const candidates = (input: JudgeInput): string[] =>
  Object.keys(input.partners).filter(
    (partner) =>
      input.partners[partner]?.quantities !== undefined &&
      (input.shop?.partner === undefined || input.shop.partner === partner),
  )
