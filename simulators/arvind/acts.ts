import type { Act } from '../core/partner.ts'
import { itemActs } from './item-acts.ts'
import { officeActs } from './office-acts.ts'
import { orderActs } from './order-acts.ts'
import type { ArvindTypes } from './state.ts'
import { stockActs } from './stock-acts.ts'

/** What happens on Arvind's side: in its centres, with its courier firms, in its own office. */
export const acts: Record<string, Act<ArvindTypes>> = {
  ...stockActs,
  ...orderActs,
  ...itemActs,
  ...officeActs,
}
