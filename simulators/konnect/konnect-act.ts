import type { z } from 'zod'
import { type Act, defineAct } from '../core/partner.ts'
import type { KonnectContext, KonnectTypes } from './state.ts'

/** `defineAct` for this partner: only the input's schema is left to infer. */
export const konnectAct = <Schema extends z.ZodType>(act: {
  about: string
  input: Schema
  apply(ctx: KonnectContext, input: z.output<Schema>): object | undefined
}): Act<KonnectTypes> => defineAct<KonnectTypes, Schema>(act)
