/** Minor units as the partner writes money: a plain number with halves possible. */
export function wireMoney(minor: number): number {
  return minor / 100
}

/** A wire amount in minor units. */
export function minorMoney(amount: number): number {
  return Math.round(amount * 100)
}
