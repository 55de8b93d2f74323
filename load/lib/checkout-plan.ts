/** One checkout of a run, decided by its number alone: the same run asks the same questions. */
export interface CheckoutPlan {
  orderId: string
  sku: LoadSku
  paymentMode: 'COD' | 'PREPAID'
}

/** What the script must know of a SKU to order it. Prices are money as the partner writes it. */
export interface LoadSku {
  sku: string
  size: string
  priceMarked: number
  priceEffective: number
}

/** In the small fixed catalogue of FYND, under every seed. */
export const loadSkus: readonly LoadSku[] = [
  { sku: 'TEE-S', size: 'S', priceMarked: 999, priceEffective: 499 },
  { sku: 'TEE-M', size: 'M', priceMarked: 999, priceEffective: 499 },
  { sku: 'TEE-L', size: 'L', priceMarked: 999, priceEffective: 499 },
  { sku: 'SHOE-9', size: '9', priceMarked: 2599, priceEffective: 1299.5 },
]

/** Takes any of them, by COD too. */
export const loadPincode = '560001'

/**
 * SKU and payment mode change with each checkout, and each round through all SKUs begins with the other mode: half are prepaid, and what
 * hits every so many orders does not always hit the same mode.
 */
export function planCheckout(run: string, number: number, skus = loadSkus): CheckoutPlan {
  const sku = skus[number % skus.length]
  if (sku === undefined) throw new Error('A checkout needs a SKU: the list is empty.')
  const round = Math.floor(number / skus.length)
  return {
    orderId: `${run}-${number}`,
    sku,
    paymentMode: (number + round) % 2 === 0 ? 'COD' : 'PREPAID',
  }
}
