import type { z } from 'zod'
import { type Act, defineAct } from '../core/partner.ts'
import type { ArvindContext, ArvindTypes } from './state.ts'

/** `defineAct` for this partner: only the input's schema is left to infer. */
export const arvindAct = <Schema extends z.ZodType>(act: {
  about: string
  input: Schema
  apply(ctx: ArvindContext, input: z.output<Schema>): object | undefined
}): Act<ArvindTypes> => defineAct<ArvindTypes, Schema>(act)
