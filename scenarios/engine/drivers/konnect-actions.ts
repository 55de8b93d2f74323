import { z } from 'zod'
import { isRecord } from '../difference.ts'
import { type Outcome, ShopRefused } from './driver.ts'
import { credential, defineAction, type Hands, type ShopAction } from './reference-site.ts'

const text = z.string().min(1)
const orderId = text.describe("Konnect's id of the order or return")
const lines = z.array(z.strictObject({ order_item_id: text, quantity: z.int().min(1) })).min(1)
const amount = z.int().min(0)
const json = z.record(z.string(), z.unknown())

/** Something done with one order; what `as` keeps is the order as the seller then knows it, with the calls it cost. */
const orderWork = <Shape extends z.ZodRawShape>(about: string, path: string, shape: Shape) =>
  defineAction({
    about,
    input: z.strictObject({ order_id: orderId, ...shape }),
    perform: async ({ shop }, input) => {
      const { order_id, ...body } = input as { order_id: string } & Outcome
      const to = path.replace('{id}', encodeURIComponent(order_id))
      return flat(await shop.operate('POST', to, body))
    },
  })

/** `{ done, order, calls }`: the order's own values stand on top. */
const flat = (answer: Outcome): Outcome => {
  const { order, ...rest } = answer
  return isRecord(order) ? { ...order, ...rest } : answer
}

const document = (about: string, name: string) =>
  defineAction({
    about,
    input: z.strictObject({ order_id: orderId }),
    perform: ({ shop }, { order_id }) =>
      shop.operate('GET', `/seller/orders/${encodeURIComponent(order_id)}/${name}`),
  })

const products = (about: string, method: string) =>
  defineAction({
    about,
    input: z.strictObject({ template: text, products: z.array(json).min(1) }),
    perform: async ({ shop }, input) => {
      const { job, ...rest } = await shop.operate(method, '/seller/products', input)
      return isRecord(job) ? { ...job, ...rest } : rest
    },
  })

const jobs = [
  'inventory-push',
  'price-push',
  'order-poll',
  'courier-poll',
  'returns-poll',
  'catalogue-poll',
  'parity-check',
] as const

const warehouseActions: Record<string, ShopAction> = {
  'shop.run-cron': defineAction({
    about: 'Runs a cron now.',
    input: z.enum(jobs),
    perform: ({ shop }, name) => shop.operate('POST', `/seller/jobs/${name}`),
  }),
  'shop.count-stock': defineAction({
    about:
      'The warehouse counts a SKU: pieces at each location. Konnect is told by inventory-push.',
    input: z.strictObject({ sku: text, at: z.record(z.string(), amount) }),
    perform: ({ shop }, { sku, at }) =>
      shop.operate('PUT', '/seller/stock', {
        items: Object.entries(at).map(([location, quantity]) => ({ location, sku, quantity })),
      }),
  }),
  'shop.set-price': defineAction({
    about: 'Sets the price of a SKU at locations. Konnect is told by price-push.',
    input: z.strictObject({
      sku: text,
      at: z.array(text).min(1),
      mrp_minor: amount,
      esp_minor: amount,
    }),
    perform: ({ shop }, { at, ...price }) =>
      shop.operate('PUT', '/seller/prices', {
        items: at.map((location) => ({ location, ...price })),
      }),
  }),
}

const orderActions: Record<string, ShopAction> = {
  'shop.confirm': orderWork('Confirms an order.', '/seller/orders/{id}/confirm', {
    lines: lines.optional(),
  }),
  'shop.invoice': orderWork('Invoices a confirmed order.', '/seller/orders/{id}/invoice', {
    invoice_number: text.optional(),
  }),
  'shop.pack': orderWork('Packs an order once it has a courier.', '/seller/orders/{id}/pack', {
    wait_for_courier: z.boolean().optional(),
  }),
  'shop.dispatch': orderWork('Gives the parcel away.', '/seller/orders/{id}/dispatch', {}),
  'shop.cancel': orderWork('The seller cancels an order or lines.', '/seller/orders/{id}/cancel', {
    reason_code: z.enum(['6', '7', '8', '9', 'NA']),
    lines: lines.optional(),
  }),
  'shop.awb': orderWork('Tells who carries a self-ship parcel.', '/seller/orders/{id}/awb', {
    awb_number: text,
    courier_name: text,
    auto_dispatch: z.boolean().optional(),
  }),
  'shop.push-status': orderWork(
    'Tells how a self-ship parcel goes.',
    '/seller/orders/{id}/status',
    {
      status: text,
    },
  ),
  'shop.quality-check': orderWork('Looks at what came back.', '/seller/returns/{id}/qc', {
    lines: z
      .array(z.strictObject({ order_item_id: text, quantity: z.int().min(1), reason: z.string() }))
      .optional(),
  }),
  'shop.credit-note': orderWork('Writes a credit note.', '/seller/returns/{id}/credit-note', {
    credit_note_number: text.optional(),
  }),
  'shop.label': document('Fetches the shipping label, a PDF.', 'label'),
  'shop.customer-invoice': document("Fetches the customer's invoice, a PDF.", 'invoice'),
  'shop.track': document('Where a parcel is.', 'track'),
}

const catalogueActions: Record<string, ShopAction> = {
  'shop.create-products': products('Puts products on Konnect; it works on them by itself.', 'POST'),
  'shop.update-products': products('Changes products.', 'PUT'),
  'shop.delete-products': products('Takes products or sizes away.', 'DELETE'),
  'shop.reference-data': defineAction({
    about: 'Reads what products may say.',
    input: z.strictObject({ category: text.optional() }),
    perform: ({ shop }, { category }) =>
      shop.operate(
        'GET',
        `/seller/reference-data${category === undefined ? '' : `?category=${encodeURIComponent(category)}`}`,
      ),
  }),
}

const settingsActions: Record<string, ShopAction> = {
  'shop.settings': defineAction({
    about: "Changes the seller's account at Konnect.",
    input: z.strictObject({
      access: z.enum(['company', 'location']).optional(),
      username: z.string().optional(),
      password: z.string().optional(),
      locations: z
        .array(
          z.strictObject({
            code: text,
            username: z.string().optional(),
            password: z.string().optional(),
          }),
        )
        .optional(),
      token_lifetime_s: z.int().min(1).optional(),
    }),
    perform: ({ shop }, input) => shop.operate('PUT', '/admin/settings/konnect', input),
  }),
  'shop.curl': defineAction({
    about:
      "Somebody of the seller's calls Konnect by hand, with the company's token or another one.",
    input: z.strictObject({
      method: z.enum(['GET', 'POST', 'PUT', 'DELETE']).default('GET'),
      path: z.string().regex(/^\//),
      body: z.unknown().optional(),
      token: z.string().optional(),
      header: z
        .enum(['x-access-token', 'authorization'])
        .default('x-access-token')
        .describe('The header that carries the token'),
    }),
    perform: callByHand,
  }),
}

/** What can be done in the seller's back room. */
export const konnectActions: Record<string, ShopAction> = {
  ...warehouseActions,
  ...orderActions,
  ...catalogueActions,
  ...settingsActions,
}

/** Keeps `status`, `content_type` and the answer as `body`; a PDF as its number of bytes. */
async function callByHand(
  { stage }: Hands,
  input: {
    method: string
    path: string
    body?: unknown
    token?: string | undefined
    header: string
  },
): Promise<Outcome> {
  const { method, path, body, header, token = credential(stage, 'konnect', 'access_token') } = input
  const response = await stage.ports.fetch(`${stage.world.baseUrl('konnect')}${path}`, {
    method,
    headers: {
      [header]: token,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const type = response.headers.get('content-type') ?? ''
  const said = await response.text()
  const outcome = {
    status: response.status,
    content_type: type.split(';')[0] ?? '',
    body: type.startsWith('application/json') ? (JSON.parse(said) as unknown) : said.length,
  }
  if (response.status < 400) return outcome
  throw new ShopRefused(`${response.status} ${said.slice(0, 300)}`, outcome)
}
