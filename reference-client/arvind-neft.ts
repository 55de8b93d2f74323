import { z } from 'zod'
import type { NeftDetails } from './partners/arvind.ts'

/** What is wrong with a form, field by field. */
export type Problems = { [field: string]: string }

export type NeftForm =
  /** `written` is the account number in every way that it was written: what no log may show whole. */
  { ok: true; details: NeftDetails; written: string[] } | { ok: false; problems: Problems }

const text = (max: number) => z.string({ error: 'missing' }).trim().min(1, 'missing').max(max)

const shape = z.object({
  customerName: text(100),
  bankName: text(100),
  branchName: text(100),
  branchAddress: text(200),
  accountNature: z.enum(['SAVINGS', 'CURRENT'], { error: 'SAVINGS or CURRENT' }),
  accountNumber: z
    .string({ error: 'missing' })
    .transform((given) => given.replaceAll(/\s/g, ''))
    .pipe(z.string().regex(/^[0-9]{9,18}$/, '9 to 18 digits')),
  ifscCode: z
    .string({ error: 'missing' })
    .transform((given) => given.trim().toUpperCase())
    .pipe(z.string().regex(/^[A-Z]{4}0[A-Z0-9]{6}$/, '4 letters, a zero, 6 letters or digits')),
})

/**
 * The bank details of a COD return (arvind.md 3.6 and "Settled"): spaces in the account number are dropped, the IFSC may be in any
 * case. Problems name fields and rules, never what was typed.
 */
export function readNeft(given: unknown): NeftForm {
  const parsed = shape.safeParse(given ?? {})
  if (parsed.success) {
    const typed = z.object({ accountNumber: z.string() }).safeParse(given)
    const written = [parsed.data.accountNumber]
    if (typed.success) written.push(typed.data.accountNumber)
    return { ok: true, details: parsed.data, written }
  }
  const problems: Problems = {}
  for (const issue of parsed.error.issues) {
    problems[String(issue.path[0] ?? 'neftDetails')] ??= issue.message
  }
  return { ok: false, problems }
}
