import type { z } from 'zod'

/** What came from outside (an act, a fault, a switch) has the wrong shape. Nothing was changed. */
export class BadInput extends Error {
  readonly issues: readonly { path: string; message: string }[]

  constructor(message: string, issues: readonly { path: string; message: string }[] = []) {
    super(message)
    this.name = 'BadInput'
    this.issues = issues
  }

  /** `Act tiny.stock.set: quantity: Invalid input: expected number, received string` */
  static ofZod(what: string, error: z.ZodError): BadInput {
    const issues = error.issues.map((issue) => ({
      path: issue.path.map(String).join('.'),
      message: issue.message,
    }))
    const said = issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
    return new BadInput(`${what}: ${said.join('; ')}`, issues)
  }
}
