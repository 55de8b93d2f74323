import { z } from 'zod'
import type { Act } from '../core/partner.ts'
import { Refusal } from '../core/refusal.ts'
import { konnectAct } from './konnect-act.ts'
import { startJob } from './rules/jobs.ts'
import { productOf } from './rules/stock.ts'
import type { KonnectTypes } from './state.ts'

/** What somebody does with products on the merchant's screens. */
export const productActs: Record<string, Act<KonnectTypes>> = {
  'konnect.product.delete': konnectAct({
    about:
      'Somebody deletes a product on the screens of Fynd Commerce: a job with a trace id, as by the API.',
    input: z.strictObject({
      item_code: z.string().min(1).max(100).describe('Item code, for example TEE'),
    }),
    apply: (ctx, { item_code }) => {
      const product = productOf(ctx, item_code)
      if (!product) throw new Refusal('not-found', `Unknown product "${item_code}"`)
      const sent = { item_code, slug: product.slug }
      const { traceId } = startJob(ctx, 'delete', product.template, [{ sent, problems: [] }])
      return { item_code, trace_id: traceId }
    },
  }),
}
