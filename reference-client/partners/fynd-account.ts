import { z } from 'zod'
import type { Answer } from './errors.ts'

const text = z.string().nullish()
const id = z.union([z.string(), z.number()]).transform(String)

/** F6: one order with its shipments and bags. What FYND leaves out is null, never a guess. */
export const trackShape = z.looseObject({
  order: z
    .looseObject({
      order_date: text,
      payment_mode: text,
      order_value: z.number().nullish(),
      order_status: text,
    })
    .nullish(),
  shipments: z.array(
    z.looseObject({
      shipment_id: z.string(),
      shipment_status: z.looseObject({ title: text }).nullish(),
      dp_name: text,
      awb_no: text,
      // Partner: spelt so (fynd.md 7, `misspelt_tracking_key`); the right spelling is read, too.
      traking_no: text,
      tracking_no: text,
      track_url: text,
      tracking_details: z
        .array(
          z.looseObject({
            status: text,
            time: text,
            is_passed: z.boolean().nullish(),
            is_current: z.boolean().nullish(),
          }),
        )
        .nullish(),
      bags: z.array(
        z.looseObject({
          bag_id: id,
          affiliate_bag_id: text,
          sku: text,
          size: text,
          quantity: z.number().nullish(),
          status: text,
          status_display: text,
          updated_at: text,
          // A flag of another type makes no button and hides no page.
          returnable: z.boolean().nullish().catch(null),
          cancellable: z.boolean().nullish().catch(null),
          return_window_ends_at: text,
          reason: z.looseObject({ text }).nullish().catch(null),
          refund_status: text,
          bag_status_history: z
            .array(
              z.looseObject({
                status: z.string(),
                display_name: text,
                app_display_name: text,
                updated_at: text,
              }),
            )
            .nullish(),
        }),
      ),
    }),
  ),
})

export type Track = z.infer<typeof trackShape>
export type TrackedShipment = Track['shipments'][number]
export type TrackedBag = TrackedShipment['bags'][number]

/** What a customer may ask for with F7, and the state it asks for. */
export const wishStates = {
  cancel: 'cancelled_customer',
  return: 'return_initiated',
} as const

export type Wish = keyof typeof wishStates

export type Reason = { id: number; text: string }

/** F7's envelope for one bag. */
export function renderWish(wish: Wish, bag: { shipmentId: string; bagId: string; reason: Reason }) {
  const { shipmentId, bagId, reason } = bag
  return JSON.stringify({
    statuses: [
      {
        status: wishStates[wish],
        shipments: [
          {
            identifier: shipmentId,
            products: [{ line_number: 1, quantity: 1, identifier: bagId }],
            reasons: {
              products: [
                {
                  filters: [{ identifier: bagId }],
                  data: { reason_id: reason.id, reason_text: reason.text },
                },
              ],
            },
          },
        ],
      },
    ],
    force_transition: false,
  })
}

const envelopeShape = z.looseObject({
  statuses: z.array(
    z.looseObject({
      shipments: z.array(
        z.looseObject({
          identifier: id,
          status: z.number(),
          message: text,
          exception: text,
        }),
      ),
    }),
  ),
})

/**
 * F7's answer as it is meant: HTTP says 200 while a 400 stands inside, shipment by shipment (fynd.md 7, `status_update_envelope`).
 * The answer for `shipmentId` as if it had come alone; undefined when there is no word about it.
 */
export function innerAnswer(answer: Answer, shipmentId: string): Answer | undefined {
  const envelope = envelopeShape.safeParse(answer.json)
  if (!envelope.success) return undefined
  const told = envelope.data.statuses
    .flatMap(({ shipments }) => shipments)
    .filter(({ identifier }) => identifier === shipmentId)
  // One no among several words about it is a no.
  const inner = told.find(({ status }) => status < 200 || status >= 300) ?? told[0]
  return inner && { ...answer, status: inner.status, json: inner }
}

export const reasonsShape = z.looseObject({
  reasons: z.array(z.looseObject({ id: z.number(), display_name: z.string() })),
})

export const reportedShape = z.looseObject({ success: z.literal(true) })
