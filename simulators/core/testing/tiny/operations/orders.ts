import { answer, ok } from '../../../answer.ts'
import { defineOperations } from '../../../partner.ts'
import { getOrder, placeOrder, type Tiny } from '../state.ts'

export const orderOperations = defineOperations<Tiny>({
  placeOrder: ({ ctx, body }) =>
    answer(201, placeOrder(ctx, body as { order_id: string; sku: string; quantity: number })),
  getOrder: ({ ctx, path }) => ok(getOrder(ctx, path.order_id ?? '')),
})
