import {
  createKonnect,
  type Konnect,
  type OrderWrite,
} from '../../reference-client/partners/konnect.ts'
import { company } from '../../reference-client/partners/konnect-token.ts'
import { type Case, exactly, type Given, openPact, testCases } from './contract.ts'
import { examples } from './examples.ts'
import { troubles } from './troubles.ts'

const context = { trace: [] }
const {
  order_id: orderId,
  order_id_2: returnId,
  order_item_id: orderItemId,
  order_item_id_2: returnItemId,
  trace_id: traceId,
} = examples
const nobody = '17675874000000009999'

const order = (to?: string, more: object = {}, name = 'M-1'): Given => [
  ['konnect.order.place', { marketplace_order_id: name, lines: [{ sku: 'TEE-M' }], ...more }],
  ...(to === undefined
    ? []
    : [['konnect.order.advance', { marketplace_order_id: name, to }] as const]),
]
const orders: Given = [...order(), ...order(undefined, {}, 'M-2')]
const sentBack: Given = [
  ...order('delivery_done'),
  ['konnect.return.create', { marketplace_order_id: 'M-1' }],
]
const back: Given = [
  ...sentBack,
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what the state before it answered.
  ['konnect.order.advance', { order_id: '${order_id_2}', to: 'return_bag_delivered' }],
]

const accepted: Given = [
  ...sentBack,
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what the state before it answered.
  ['konnect.order.advance', { order_id: '${order_id_2}', to: 'return_bag_accepted' }],
]

/** E5: the batch envelope of orders. */
const batch = (succeeded: number, errors: { orderId: string; code: string }[] = []) => ({
  successCount: exactly(succeeded),
  failedCount: exactly(errors.length),
  errors: errors.map((error) => ({ ...error, code: exactly(error.code), message: 'Why not' })),
})
/** E1: the batch envelope of stock, prices, AWB and status. */
const envelope = (succeeded: number, errors: object[] = []) => ({
  data: {
    success_count: exactly(succeeded),
    failed_count: exactly(errors.length),
    errors,
  },
})
const done = (...keys: string[]) => ({ value: { done: keys, failed: {}, doubtful: [] } })
const failed = (key: string, code: string, keys: string[] = []) => ({
  value: { done: keys, failed: { [key]: { code } }, doubtful: [] },
})

const token: Case<Konnect>[] = [
  {
    about: 'a token for a wrong password',
    call: (konnect) => konnect.listingCount('nowhere', context),
    status: 401,
    answer: { message: 'Why not' },
    becomes: { failure: { kind: 'unauthorized' } },
  },
]

const row = (sku: string) => ({ location_id: 'BLR-01', sku, quantity: 5 })
const price = (sku: string, esp: number) => ({
  location_id: 'BLR-01',
  sku,
  esp,
  mrp: 499,
  currency: 'INR',
})
const rowError = (sku: string, code: string) => ({
  location_id: exactly('BLR-01'),
  sku: exactly(sku),
  code: exactly(code),
  message: 'Why not',
})

const stock: Case<Konnect>[] = [
  {
    about: 'quantities are taken',
    call: (konnect) => konnect.pushStock([row('TEE-M')], company, context),
    answer: envelope(1),
    becomes: done('BLR-01\nTEE-M'),
  },
  {
    about: 'of two quantities one is taken',
    call: (konnect) => konnect.pushStock([row('TEE-M'), row('NOPE')], company, context),
    answer: envelope(1, [rowError('NOPE', 'I422')]),
    becomes: failed('BLR-01\nNOPE', 'I422', ['BLR-01\nTEE-M']),
  },
  {
    about: 'no quantity is taken',
    call: (konnect) => konnect.pushStock([{ ...row('TEE-M'), quantity: -1 }], company, context),
    answer: envelope(0, [rowError('TEE-M', 'I400')]),
    becomes: failed('BLR-01\nTEE-M', 'I400'),
  },
  {
    about: 'prices are taken',
    call: (konnect) => konnect.pushPrices([price('TEE-M', 399)], company, context),
    answer: envelope(1),
    becomes: done('BLR-01\nTEE-M'),
  },
  {
    about: 'of two prices one is taken',
    call: (konnect) =>
      konnect.pushPrices([price('TEE-M', 399), price('TEE-S', 599)], company, context),
    answer: envelope(1, [rowError('TEE-S', 'P400')]),
    becomes: failed('BLR-01\nTEE-S', 'P400', ['BLR-01\nTEE-M']),
  },
  {
    about: 'what Konnect can sell',
    call: (konnect) => konnect.listings(1, company, context),
    answer: { data: [{ sku: 'TEE-M', location_id: 'BLR-01', quantity: 5, mrp: 999, esp: 499 }] },
    becomes: { value: { data: [{ sku: 'TEE-M', quantity: 5 }] } },
  },
  {
    about: 'how many rows Konnect can sell',
    call: (konnect) => konnect.listingCount(company, context),
    answer: { data: { listing_count: 8 } },
    becomes: { value: 8 },
  },
]

const readOrder = (status: string, id: string = orderId) => ({
  id,
  forwardId: orderId,
  marketplaceOrderId: exactly('M-1'),
  orderStatus: exactly(status),
  orderDate: '2026-01-05T04:30:00+00:00',
  orderingChannel: 'FYND',
  is_self_ship: false,
  orderItems: [{ orderItemId, sku: exactly('TEE-M'), quantity: 1 }],
})

const reads: Case<Konnect>[] = [
  {
    about: 'the orders of a location in a time',
    given: order(),
    call: (konnect) =>
      konnect.orders(
        {
          locationCode: 'BLR-01',
          orderStatus: 'CREATED',
          orderDateFrom: '2026-01-01T00:00:00',
          orderDateTo: '2099-01-01T00:00:00',
          pageNumber: '1',
          pageSize: '100',
        },
        company,
        context,
      ),
    answer: [readOrder('CREATED')],
    becomes: { value: { unreadable: 0, orders: [{ id: orderId, status: 'CREATED' }] } },
  },
  {
    about: 'one order that is confirmed',
    given: order('bag_confirmed'),
    call: (konnect) => konnect.orders({ orderId }, company, context),
    answer: [readOrder('CONFIRMED')],
    becomes: { value: { orders: [{ id: orderId, status: 'CONFIRMED', isReturn: false }] } },
  },
  {
    about: 'one return',
    given: sentBack,
    call: (konnect) => konnect.orders({ orderId: returnId }, company, context),
    answer: [readOrder('RETURN_PROCESSING', returnId)],
    becomes: { value: { orders: [{ id: returnId, status: 'RETURN_PROCESSING', isReturn: true }] } },
  },
  {
    about: 'one order that Konnect does not know',
    call: (konnect) => konnect.orders({ orderId: nobody }, company, context),
    answer: [],
    becomes: { value: { orders: [], unreadable: 0 } },
  },
  {
    about: 'the orders of a status that there is not',
    call: (konnect) => konnect.orders({ orderStatus: 'NONSENSE' }, company, context),
    status: 400,
    answer: { message: 'Why not' },
    becomes: { failure: { kind: 'refused', status: 400 } },
  },
  ...[false, true].map(
    (isLocked): Case<Konnect> => ({
      about: `whether an order is locked: ${isLocked ? 'yes' : 'no'}`,
      given: order(undefined, { locked: isLocked }),
      call: (konnect) => konnect.isLocked(orderId, company, context),
      answer: { orders: [{ id: orderId, lockStatus: exactly(isLocked) }] },
      becomes: { value: isLocked },
    }),
  ),
  {
    about: 'the courier of an order',
    given: order('dp_assigned'),
    call: (konnect) => konnect.couriers([orderId], company, context),
    answer: [{ orderId, courierName: 'Paper Plane Logistics', awbNumber: ['PP1'] }],
    becomes: { value: [{ orderId, awbNumber: ['PP1'] }] },
  },
  {
    about: 'the couriers of two orders, one of them unknown',
    given: order('dp_assigned'),
    call: (konnect) => konnect.couriers([orderId, nobody], company, context),
    answer: {
      ...batch(1, [{ orderId: nobody, code: 'C400' }]),
      data: [{ orderId, courierName: 'Paper Plane Logistics', awbNumber: ['PP1'] }],
    },
    becomes: { value: [{ orderId }] },
  },
  {
    about: 'the courier of an order that is not invoiced',
    given: order(),
    call: (konnect) => konnect.couriers([orderId], company, context),
    answer: { ...batch(0, [{ orderId, code: 'C403' }]), data: [] },
    becomes: { value: [] },
  },
  {
    about: 'the way of an order',
    given: order('dp_assigned'),
    call: (konnect) => konnect.track(orderId, company, context),
    answer: { status: exactly('success'), data: { current_status: 'Dp assigned' } },
    becomes: { value: { current_status: 'Dp assigned' } },
  },
  {
    about: 'the way of an order that Konnect does not know',
    call: (konnect) => konnect.track(nobody, company, context),
    status: 404,
    answer: { message: 'Why not' },
    becomes: { failure: { kind: 'refused', status: 404 } },
  },
]

const papers: Case<Konnect>[] = (
  [
    ['label', 'L403'],
    ['customerInvoice', 'IN403'],
  ] as const
).flatMap(([paper, code]): Case<Konnect>[] => [
  {
    about: `the ${paper} of a packed order`,
    given: order('bag_packed'),
    call: (konnect) => konnect[paper](orderId, company, context),
    answer: '%PDF-1.4',
    becomes: { value: { bytes: '%PDF' } },
  },
  {
    about: `the ${paper} of an order that is not packed`,
    given: order(),
    call: (konnect) => konnect[paper](orderId, company, context),
    status: 400,
    answer: batch(0, [{ orderId, code }]),
    becomes: { value: { code } },
  },
])

const invoice = (id: string, invoiceType: 'sale' | 'return', item: string) => ({
  orderId: id,
  invoiceNumber: 'INV-1',
  invoiceType,
  orderItems: [{ orderItemId: item, quantity: 1 }],
})
const checked = {
  orderId: returnId,
  orderItems: [{ orderItemId: returnItemId, quantity: 1, reasonCode: '' }],
}
const cancelled = {
  orderId,
  orderItems: [{ orderItemId, quantity: 1, reasonCode: '6' }],
}
const awb = {
  orderId,
  awbNumber: 'AWB-1',
  courierName: 'Paper Plane Logistics',
  autoDispatch: false,
}

type Write = {
  operation: OrderWrite
  about: string
  given?: Given
  records: ({ orderId: string } & Record<string, unknown>)[]
  /** The first record's refusal; without it all is well. */
  code?: string
  /** Sent along: a record of an order that Konnect does not know, refused with this code. */
  unknown?: string
}

const writes: Write[] = [
  { operation: 'confirm', about: 'an order is confirmed', given: order(), records: [{ orderId }] },
  {
    operation: 'confirm',
    about: 'two orders are confirmed',
    given: orders,
    records: [{ orderId }, { orderId: returnId }],
  },
  {
    operation: 'confirm',
    about: 'one line of an order is confirmed',
    given: order(),
    records: [{ orderId, orderItems: [{ orderItemId, quantity: 1 }] }],
  },
  {
    operation: 'confirm',
    about: 'a locked order is not confirmed',
    given: order(undefined, { locked: true }),
    records: [{ orderId }],
    code: 'LK423',
  },
  {
    operation: 'invoice-update',
    about: 'an order is invoiced',
    given: order('bag_confirmed'),
    records: [invoice(orderId, 'sale', orderItemId)],
  },
  {
    operation: 'invoice-update',
    about: 'an order is invoiced again',
    given: order('bag_invoiced'),
    records: [invoice(orderId, 'sale', orderItemId)],
    code: 'IN453',
  },
  {
    operation: 'invoice-update',
    about: 'a return gets its credit note',
    given: accepted,
    records: [invoice(returnId, 'return', returnItemId)],
  },
  {
    operation: 'pack',
    about: 'an order is packed',
    given: order('dp_assigned'),
    records: [{ orderId }],
  },
  {
    operation: 'pack',
    about: 'an order without a courier is not packed',
    given: order('bag_invoiced'),
    records: [{ orderId }],
    code: 'CR400',
  },
  {
    operation: 'dispatch',
    about: 'an order is handed over',
    given: order('bag_packed'),
    records: [{ orderId }],
  },
  {
    operation: 'dispatch',
    about: 'an order that is not packed is not handed over',
    given: order('bag_invoiced'),
    records: [{ orderId }],
    code: 'D400',
  },
  {
    operation: 'cancel',
    about: 'an order is cancelled',
    given: order(),
    records: [cancelled],
  },
  {
    operation: 'cancel',
    about: 'an order is cancelled again',
    given: [...order(), ['konnect.order.cancel-by-fynd', { marketplace_order_id: 'M-1' }]],
    records: [cancelled],
    code: 'CN401',
  },
  {
    operation: 'return',
    about: 'a return is checked',
    given: back,
    records: [checked],
  },
  {
    operation: 'awb',
    about: 'an order of our own courier gets its number',
    given: order('dp_assigned', { self_ship: true }),
    records: [awb],
  },
  {
    operation: 'awb',
    about: 'an order that is not ready for a number',
    given: order('bag_confirmed', { self_ship: true }),
    records: [awb],
    code: 'AW400',
  },
  {
    operation: 'status',
    about: 'an order of our own courier is on its way',
    given: order('bag_packed', { self_ship: true }),
    records: [{ orderId, orderStatus: 'bag_picked' }],
  },
  {
    operation: 'status',
    about: 'an order cannot jump to a state',
    given: order('bag_invoiced', { self_ship: true }),
    records: [{ orderId, orderStatus: 'delivery_done' }],
    code: 'SS400',
  },
]

const unknownCodes = {
  confirm: 'O422',
  'invoice-update': 'IN400',
  pack: 'CR422',
  dispatch: 'D422',
  cancel: 'CN422',
  return: 'R422',
  awb: 'AW422',
  status: 'SS422',
} as const

const orderWrites: Case<Konnect>[] = [
  ...writes,
  // Of each batch the good one is done and the unknown one is named.
  ...Object.entries(unknownCodes).map(([operation, code]) => ({
    ...(writes.find((write) => write.operation === operation && !write.code) as Write),
    unknown: code,
  })),
].map((write: Write): Case<Konnect> => {
  const { operation, about, given = [], records, code, unknown } = write
  const [first] = records
  const sent = unknown && first ? [...records, { ...first, orderId: nobody }] : records
  const keys = records.map((record) => record.orderId)
  const errors = [
    ...(code === undefined ? [] : [{ orderId, code }]),
    ...(unknown === undefined ? [] : [{ orderId: nobody, code: unknown }]),
  ]
  const succeeded = code === undefined ? keys : []
  const isSnake = operation === 'awb' || operation === 'status'
  return {
    about: unknown === undefined ? about : `${about}, and one that Konnect does not know is not`,
    given,
    call: (konnect) => konnect.writeOrders(operation, sent, company, context),
    answer: isSnake
      ? envelope(
          succeeded.length,
          errors.map((error) => ({ ...error, code: exactly(error.code), message: 'Why not' })),
        )
      : batch(succeeded.length, errors),
    becomes: {
      value: {
        done: succeeded,
        failed: Object.fromEntries(errors.map((error) => [error.orderId, { code: error.code }])),
        doubtful: [],
      },
    },
  }
})

const lists = {
  departments: { uid: 101, name: 'Footwear', slug: 'footwear' },
  categories: { uid: 1, name: 'Clothing', slug: 'clothing' },
  brands: { uid: 77, name: 'Northbound' },
  templates: { slug: 'tops', name: 'Tops', departments: ['mens-clothing'], categories: ['Tees'] },
  'hs-codes': { hs_code: '6109', type: 'HS', description: 'T-shirts' },
  'tax-rules': { rule: { _id: '65a100000000000000000001', name: 'GST 5', status: 'ACTIVE' } },
  products: { name: 'Crew Neck Tee', sizes: [{ primary_identifier: 'TEE-M' }] },
} as const

const product = {
  item_type: 'standard',
  item_code: 'CAP',
  name: 'Cap',
  slug: 'cap',
  departments: ['102'],
  category: 'T-Shirts',
  brand: 'Northbound',
  country_of_origin: 'India',
  tax_identifier: { tax_rule_id: '65a100000000000000000001' },
  hs_code: '6109',
  sizes: [{ primary_identifier: 'CAP-M', size: 'M', price: 499, price_effective: 399 }],
  trader: [{ type: 'Manufacturer', name: 'Example Mills', address: ['1 Example Road'] }],
  attributes: { 'primary-colour': 'Black' },
  is_dependent: false,
}
/** An update says yes and no in words (konnect.md 2.13). */
const existing = { item_code: 'TEE', slug: 'tee', is_dependent: 'No' }
const unwanted = {
  item_code: 'TEE',
  name: 'Crew Neck Tee',
  slug: 'crew-neck-tee',
  brand: 'Northbound',
  brand_uid: '77',
}
const products = (...list: object[]) => JSON.stringify({ template: 'tops', products: list })
const taken = (success: number, failures: number) => ({
  trace_id: 'ddbe93f2-5ac8-41ed-969c-a4b9840f4feb',
  total: exactly(success + failures),
  success: exactly(success),
  failed: exactly(failures),
  errors: failures === 0 ? {} : { BAD: ['Why not'] },
})

const catalogue: Case<Konnect>[] = [
  ...Object.entries(lists).map(
    ([list, item]): Case<Konnect> => ({
      about: `a page of ${list}`,
      call: (konnect) =>
        konnect.catalogue(
          list as keyof typeof lists,
          { page_number: '1', page_size: '200' },
          company,
          context,
        ),
      answer: { items: [item] },
      becomes: { value: { items: [item] } },
    }),
  ),
  {
    about: 'a page of attributes of a category',
    call: (konnect) => konnect.catalogue('attributes', { category: 'T-Shirts' }, company, context),
    answer: { items: [{ slug: 'primary-colour', schema: { mandatory: true } }] },
    becomes: { value: { items: [{ slug: 'primary-colour' }] } },
  },
  {
    about: 'attributes of nothing',
    call: (konnect) => konnect.catalogue('attributes', {}, company, context),
    status: 400,
    answer: { message: 'Why not' },
    becomes: { failure: { kind: 'refused', status: 400 } },
  },
  ...(['create', 'update', 'delete'] as const).map(
    (operation): Case<Konnect> => ({
      about: `products to ${operation} are taken in`,
      call: (konnect) =>
        konnect.writeProducts(
          operation,
          products(
            operation === 'delete'
              ? unwanted
              : { ...product, ...(operation === 'update' && existing) },
          ),
          company,
          context,
        ),
      answer: taken(1, 0),
      becomes: { value: { total: 1, success: 1, failed: 0 } },
    }),
  ),
  {
    about: 'of two products to create one is taken in',
    call: (konnect) =>
      konnect.writeProducts(
        'create',
        products(product, { ...product, item_code: 'BAD', slug: 'bad', name: 7 }),
        company,
        context,
      ),
    answer: taken(1, 1),
    becomes: { value: { total: 2, success: 1, failed: 1 } },
  },
  {
    about: 'products to create without a template',
    call: (konnect) =>
      konnect.writeProducts('create', JSON.stringify({ products: [product] }), company, context),
    status: 400,
    answer: { message: 'Why not' },
    becomes: { failure: { kind: 'refused', status: 400 } },
  },
  {
    about: 'how far the deletion of a product is',
    given: [['konnect.product.delete', { item_code: 'TEE' }]],
    call: (konnect) => konnect.productStatus(traceId, company, context),
    answer: {
      trace_id: traceId,
      status: exactly('pending'),
      stage: exactly('RUNNING'),
      total: 1,
      success: 1,
      failed: 0,
      errors: {},
      meta: { stage: exactly('running'), succeed: 0, failed: 0, failed_records: [] },
    },
    becomes: { value: { status: 'pending', stage: 'RUNNING', meta: { succeed: 0 } } },
  },
  {
    about: 'what became of products that Konnect does not know',
    call: (konnect) => konnect.productStatus('nothing', company, context),
    status: 404,
    answer: { message: 'Why not' },
    becomes: { failure: { kind: 'refused', status: 404 } },
  },
]

const inTrouble = troubles<Konnect>([
  {
    about: 'a token',
    operation: 'generateAccessToken',
    call: (konnect) => konnect.listingCount(company, context),
  },
  {
    about: 'one order',
    operation: 'getOrders',
    call: (konnect) => konnect.orders({ orderId: nobody }, company, context),
  },
  {
    about: 'a quantity',
    operation: 'updateInventory',
    call: (konnect) => konnect.pushStock([row('TEE-M')], company, context),
  },
  {
    about: 'the confirmation of an order',
    operation: 'confirmOrder',
    given: order(),
    call: (konnect) => konnect.writeOrders('confirm', [{ orderId }], company, context),
  },
])

testCases(openPact('konnect'), {
  provider: 'konnect',
  prelude: {
    about: 'a token',
    path: '/aggregator/v1/token',
    answer: { access_token: 'fake-token-of-the-contract' },
  },
  createClient: (ports, caller, url) =>
    createKonnect(ports, caller, () => ({
      api_url: url,
      access: 'company',
      username: examples.username,
      password: examples.password,
      locations: [
        { code: 'BLR-01' },
        { code: 'nowhere', username: 'fake-nobody', password: 'fake-wrong' },
      ],
      token_lifetime_s: 3_600,
    })),
  cases: [...token, ...stock, ...reads, ...papers, ...orderWrites, ...catalogue, ...inTrouble],
})
