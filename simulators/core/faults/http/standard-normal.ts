/**
 * The standard normal value below which this share lies, so that one draw gives a log-normal delay. Acklam's rational approximation,
 * relative error below 1.2e-9. Shares outside (0, 1) are moved to its edge.
 */
export function standardNormal(share: number): number {
  const p = Math.min(Math.max(share, 1e-12), 1 - 1e-12)
  if (p < lowTail) return tail(Math.sqrt(-2 * Math.log(p)))
  if (p > 1 - lowTail) return -tail(Math.sqrt(-2 * Math.log(1 - p)))
  const q = p - 0.5
  const r = q * q
  return (polynomial(middleOver, r) * q) / polynomial([...middleUnder, 1], r)
}

const lowTail = 0.02425
const middleOver = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
  2.506628277459239,
]
const middleUnder = [
  -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572,
]
const tailOver = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734,
  4.374664141464968, 2.938163982698783,
]
const tailUnder = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416]

const tail = (q: number): number => polynomial(tailOver, q) / polynomial([...tailUnder, 1], q)

const polynomial = (coefficients: readonly number[], x: number): number =>
  coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0)
