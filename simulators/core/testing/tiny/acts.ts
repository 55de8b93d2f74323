import { z } from 'zod'
import { type Act, defineAct } from '../../partner.ts'
import { handOver, setStock, type Tiny } from './state.ts'
import { renderEvent } from './webhooks.ts'

const stockInput = z.strictObject({ sku: z.string(), quantity: z.int().min(0) })
const orderInput = z.strictObject({ order_id: z.string() })

export const tinyActs: Record<string, Act<Tiny>> = {
  'tiny.stock.set': defineAct<Tiny, typeof stockInput>({
    about: 'The clerk counts the shelf and writes the number down.',
    input: stockInput,
    apply(ctx, { sku, quantity }) {
      setStock(ctx, sku, quantity)
      return { sku, quantity }
    },
  }),
  'tiny.order.hand-over': defineAct<Tiny, typeof orderInput>({
    about: 'The clerk hands the item over; the shop hears of it.',
    input: orderInput,
    apply(ctx, { order_id }) {
      const order = handOver(ctx, order_id)
      ctx.emit(renderEvent(ctx, order))
      return order
    },
  }),
}
