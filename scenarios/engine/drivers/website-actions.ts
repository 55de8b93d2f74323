import { z } from 'zod'
import { type Outcome, ShopRefused } from './driver.ts'
import { defineAction, type Hands, type ShopAction } from './reference-site.ts'

export const customer = z.string().min(1).default('asha').describe('Who: the header x-customer.')
export const id = z.union([z.string(), z.number()]).transform(String)
const pincode = z
  .union([z.string(), z.int()])
  .transform(String)
  .default('560001')
  .describe('Where it goes; six digits.')
const quantity = z.int().min(1).default(1)
export const sku = z.string().min(1)
const lines = {
  sku: sku.optional().describe('One line: this SKU.'),
  quantity,
  items: z
    .array(z.strictObject({ sku, quantity }))
    .min(1)
    .optional()
    .describe('Several lines instead of sku and quantity.'),
}
const payMode = z.enum(['COD', 'PREPAID'])
const address = {
  pincode,
  first_name: z.string().default('Asha'),
  last_name: z.string().default('Rao'),
  email: z.string().default('asha@example.test'),
  mobile: z.string().default('9000000001'),
  address1: z.string().default('12 Sample Street'),
  city: z.string().default('Sampleton'),
  state: z.string().default('Karnataka'),
  country: z.string().default('India'),
}
const payOutcome = z
  .enum(['paid', 'failed', 'failed-debited', 'aborted', 'close'])
  .describe('What the customer does on the page of the gateway.')

/** The act by which the engine's customer answers the page of the gateway. */
const payAct = 'payment-gateway.payment.pay'

const buyInput = z.strictObject({
  ...lines,
  ...address,
  customer,
  pay: payMode,
  coupon: z.string().optional().describe('A coupon for the cart, for example FLAT100.'),
  outcome: z
    .enum([...payOutcome.options, 'abandon'])
    .default('paid')
    .describe('How the payment ends; abandon leaves at the confirm page, before paying.'),
})

/** Actions of a customer, each as the requests of one person at a keyboard. */
const customerActions = {
  'shop.buy': defineAction({
    about: 'Cart, address, payment method, confirm page, confirm, and for PREPAID the payment.',
    input: buyInput,
    perform: buy,
  }),
  'shop.cart': defineAction({
    about: 'Puts this in the cart, in place of what was in it.',
    input: z.strictObject({ ...lines, customer }),
    perform: ({ shop }, input) =>
      shop.browse(input.customer, 'POST', '/shop/cart', { items: itemsOf(input) }),
  }),
  'shop.coupon': defineAction({
    about: 'Types a coupon in at the cart; null takes it away.',
    input: z.strictObject({ customer, code: z.string().nullable() }),
    perform: ({ shop }, { customer: who, code }) =>
      shop.browse(who, 'POST', '/shop/cart/coupon', { code }),
  }),
  'shop.address': defineAction({
    about: 'Types in the address.',
    input: z.strictObject({ ...address, customer }),
    perform: ({ shop }, { customer: who, ...body }) =>
      shop.browse(who, 'POST', '/shop/checkout/address', body),
  }),
  'shop.payment-method': defineAction({
    about: 'Chooses how to pay.',
    input: z.strictObject({ customer, pay: payMode }),
    perform: ({ shop }, input) =>
      shop.browse(input.customer, 'POST', '/shop/checkout/payment-method', {
        payment_mode: input.pay,
      }),
  }),
  'shop.confirm-page': defineAction({
    about: 'Opens the Confirm order page. Again: reloads it.',
    input: z.strictObject({ customer }),
    perform: ({ shop }, input) => shop.browse(input.customer, 'GET', '/shop/checkout/confirm'),
  }),
  'shop.confirm-click': defineAction({
    about: 'Clicks on Confirm order.',
    input: z.strictObject({ customer }),
    perform: ({ shop }, input) => shop.browse(input.customer, 'POST', '/shop/checkout/confirm'),
  }),
  'shop.pay': defineAction({
    about: 'Answers the page of the gateway.',
    input: z.strictObject({ payment_id: id, outcome: payOutcome.default('paid') }),
    perform: ({ stage }, input) => stage.act(payAct, input),
  }),
  'shop.open-orders': defineAction({
    about: 'The list of orders under My account.',
    input: z.strictObject({ customer }),
    perform: ({ shop }, input) => shop.browse(input.customer, 'GET', '/account/orders'),
  }),
  'shop.open-order': defineAction({
    about: 'Opens an order under My account; everything on the page comes from the partner.',
    input: z.strictObject({ customer, order_id: id }),
    perform: ({ shop }, input) =>
      shop.browse(input.customer, 'GET', `/account/orders/${encodeURIComponent(input.order_id)}`),
  }),
} as const

/** Actions of the operator in the admin panel. */
const operatorActions = {
  'shop.refund': defineAction({
    about: 'Presses Refund Money.',
    input: z.strictObject({ order_id: id }),
    perform: ({ shop }, input) =>
      shop.operate('POST', `/admin/orders/${encodeURIComponent(input.order_id)}/refund`),
  }),
  'shop.set-status': defineAction({
    about: 'Edits the status of an order by hand; the partner hears nothing of it.',
    input: z.strictObject({ order_id: id, status: z.string() }),
    perform: ({ shop }, input) =>
      shop.operate('POST', `/admin/orders/${encodeURIComponent(input.order_id)}/status`, {
        status: input.status,
      }),
  }),
  'shop.template': defineAction({
    about: 'Changes a template of Template Manager; null: nothing is sent.',
    input: z.strictObject({
      event: z.string(),
      channel: z.enum(['email', 'sms']),
      template: z.string().nullable(),
    }),
    perform: ({ shop }, { event, channel, template }) =>
      shop.operate('PUT', `/admin/templates/${encodeURIComponent(event)}/${channel}`, { template }),
  }),
  'shop.export': defineAction({
    about: 'Exports the orders as CSV; missing ones only when that status is chosen.',
    input: z.strictObject({ status: z.string().optional() }),
    perform: async ({ shop }, { status }) => {
      const query = status === undefined ? '' : `?status=${encodeURIComponent(status)}`
      const { text } = await shop.operate('GET', `/admin/orders/export${query}`)
      return { rows: readRows(String(text)) }
    },
  }),
  'shop.inspect-product': defineAction({
    about: 'Looks at a product in the admin panel: what flows, what is mapped, why it is hidden.',
    input: z.strictObject({ product: z.string().min(1) }),
    perform: ({ shop }, { product }) =>
      shop.operate('GET', `/admin/products/${encodeURIComponent(product)}`),
  }),
  'shop.map-options': defineAction({
    about: 'Maps the options of a product, one SKU for each value.',
    input: z.strictObject({
      product: z.string(),
      options: z.array(z.strictObject({ value: z.string(), sku })).min(1),
    }),
    perform: ({ shop }, { product, options }) =>
      shop.operate('PUT', `/admin/products/${encodeURIComponent(product)}/options`, { options }),
  }),
} as const

/** Runs a cron of this website. */
export const runCron = (crons: [string, ...string[]]): ShopAction =>
  defineAction({
    about: 'Runs a cron now.',
    input: z.enum(crons),
    perform: ({ shop }, name) => shop.operate('POST', `/admin/cron/${name}`),
  })

/** What can be done at every website, whichever partner it has. */
export const websiteActions: Record<string, ShopAction> = {
  ...customerActions,
  ...operatorActions,
}

/** Goes through the whole checkout and stops with `ShopRefused` where the shop does not lead on. */
async function buy(hands: Hands, input: z.output<typeof buyInput>): Promise<Outcome> {
  const { shop, stage } = hands
  const { customer: who, pay, outcome } = input
  const {
    pincode: to,
    first_name,
    last_name,
    email,
    mobile,
    address1,
    city,
    state,
    country,
  } = input
  const body = { first_name, last_name, email, mobile, address1, city, state, country, pincode: to }
  const go = async (page: string, method: string, path: string, sent?: object) => {
    const next = await shop.browse(who, method, path, sent)
    if (next.page === page) return next
    const order = typeof next.order_id === 'string' ? await orderOf(hands, next.order_id) : {}
    const said = typeof next.message === 'string' ? `: ${next.message}` : ''
    throw new ShopRefused(`the shop leads to the page ${String(next.page)}${said}`, {
      ...next,
      ...order,
    })
  }
  await go('address', 'POST', '/shop/cart', { items: itemsOf(input) })
  if (input.coupon !== undefined) {
    await go('address', 'POST', '/shop/cart/coupon', { code: input.coupon })
  }
  await go('payment-method', 'POST', '/shop/checkout/address', body)
  await go('confirm', 'POST', '/shop/checkout/payment-method', { payment_mode: pay })
  const shown = await go('confirm', 'GET', '/shop/checkout/confirm')
  if (outcome === 'abandon') return { ...shown, ...(await orderOf(hands, shown.order_id)) }
  const wanted = pay === 'COD' ? 'success' : 'pay'
  const clicked = await go(wanted, 'POST', '/shop/checkout/confirm')
  if (pay === 'PREPAID') await stage.act(payAct, { payment_id: clicked.payment_id, outcome })
  return { ...clicked, ...(await orderOf(hands, clicked.order_id)) }
}

/** Plain CSV, as the shop writes it: no cell of an order has a comma or a line break in it. */
function readRows(csv: string): Outcome[] {
  const [head = '', ...lines] = csv.trim().split('\r\n')
  const names = head.split(',')
  return lines.map((line) => {
    const cells = line.split(',')
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']))
  })
}

/** The order as the admin panel shows it; nothing for a cart that has none yet. */
async function orderOf({ shop }: Hands, orderId: unknown): Promise<Outcome> {
  if (typeof orderId !== 'string') return {}
  return shop.operate('GET', `/admin/orders/${encodeURIComponent(orderId)}`)
}

function itemsOf(input: {
  sku?: string | undefined
  quantity: number
  items?: { sku: string; quantity: number }[] | undefined
}): { sku: string; quantity: number }[] {
  if (input.items) return input.items
  if (input.sku === undefined) throw new ShopRefused('Nothing to buy: give sku, or items.')
  return [{ sku: input.sku, quantity: input.quantity }]
}
