/** Marks a product that a fault lets fail at intake, with the words. No JSON can carry it. */
export const refusal: unique symbol = Symbol('refusal')

/** The words of the mark, when there is one. */
export function refusalOf(product: object): string | undefined {
  const words: unknown = Reflect.get(product, refusal)
  return typeof words === 'string' ? words : undefined
}
