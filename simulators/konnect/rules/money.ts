/** Rupees on the wire have at most two decimals; `undefined` stands for a price that was not sent. */
export const isMoney = (rupees: number | undefined): boolean =>
  rupees === undefined || Math.abs(rupees * 100 - Math.round(rupees * 100)) < 1e-6 * rupees + 1e-9
