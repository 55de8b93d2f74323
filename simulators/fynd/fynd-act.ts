import type { z } from 'zod'
import { type Act, defineAct } from '../core/partner.ts'
import type { FyndContext, FyndTypes } from './state.ts'

/** `defineAct` for this partner: only the input's schema is left to infer. */
export const fyndAct = <Schema extends z.ZodType>(act: {
  about: string
  input: Schema
  apply(ctx: FyndContext, input: z.output<Schema>): object | undefined
}): Act<FyndTypes> => defineAct<FyndTypes, Schema>(act)
