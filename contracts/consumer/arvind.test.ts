import {
  type Arvind,
  createArvind,
  type ServiceabilityQuestion,
} from '../../reference-client/partners/arvind.ts'
import { type Case, exactly, type Given, openPact, testCases } from './contract.ts'
import { examples } from './examples.ts'
import { troubles } from './troubles.ts'
import {
  orderReference,
  writeArvindCancel,
  writeArvindOrder,
  writeArvindReturn,
} from './written-order.ts'

const context = { trace: [] }
const { channel_id: channelId, warehouse_id: warehouseId } = examples
const item = { skuId: 'TEE-M', quantity: 1 }

const question = (more: object = {}, line: object = {}): ServiceabilityQuestion => ({
  location: '560001',
  channelId,
  orderingStoreId: examples.ordering_store_id,
  paymentMode: 'COD',
  items: [{ ...item, warehouseId, ...line }],
  ...more,
})
const answered = (serviceable: boolean, line: Record<string, boolean>, cod = true) => ({
  status: exactly(true),
  message: 'What came of it',
  data: {
    serviceable: exactly(serviceable),
    codAvailable: exactly(cod),
    items: [
      {
        skuId: 'TEE-M',
        availableQuantity: 18,
        ...Object.fromEntries(Object.entries(line).map(([name, value]) => [name, exactly(value)])),
      },
    ],
  },
})

const order = (to?: string, paymentMode = 'PREPAID'): Given => [
  ['arvind.order.place', { orderReference, paymentMode, items: [item] }],
  ...(to === undefined ? [] : [['arvind.order.advance', { orderReference, to }] as const]),
]

// As the website sends them when a customer presses a button.
const cancel = await writeArvindCancel()
const sendBack = await writeArvindReturn('PREPAID')
const sendBackForCash = await writeArvindReturn('COD')

/** HTTP says 200, the body says no. */
const no = (errorCode: string, more: object = {}) => ({
  status: exactly(false),
  errorCode: exactly(errorCode),
  message: 'Why not',
  ...more,
})
const refused = (code: string) => ({ failure: { kind: 'refused', code } })
const ineligible = (reason: string) => ({ eligible: exactly(false), reason: exactly(reason) })

const serviceability: Case<Arvind>[] = [
  {
    about: 'whether a cart may go to a pincode',
    call: (arvind) => arvind.serviceability(question(), context),
    answer: answered(true, { serviceable: true, inventoryAvailable: true }),
    becomes: { value: { data: { serviceable: true, codAvailable: true } } },
  },
  {
    about: 'a cart to a pincode that nobody delivers to',
    given: [['arvind.pincode.set', { pincode: '560001', deliverable: false }]],
    call: (arvind) => arvind.serviceability(question(), context),
    answer: answered(false, { serviceable: false, inventoryAvailable: true }, false),
    becomes: { value: { data: { serviceable: false } } },
  },
  {
    about: 'a cart with more than there is',
    call: (arvind) => arvind.serviceability(question({}, { quantity: 999 }), context),
    answer: answered(false, { serviceable: true, inventoryAvailable: false }),
    becomes: { value: { data: { serviceable: false } } },
  },
  {
    about: 'a cart of a channel that Arvind does not know',
    call: (arvind) => arvind.serviceability(question({ channelId: '1' }), context),
    status: 400,
    answer: no('INVALID_CHANNEL'),
    becomes: refused('INVALID_CHANNEL'),
  },
  {
    about: 'a cart to a pincode that is none',
    call: (arvind) => arvind.serviceability(question({ location: 'nowhere' }), context),
    status: 400,
    answer: no('INVALID_REQUEST'),
    becomes: refused('INVALID_REQUEST'),
  },
  {
    about: 'a cart, asked about with a token that has expired',
    given: [['arvind.token.expire', {}]],
    call: (arvind) => arvind.serviceability(question(), context),
    status: 401,
    answer: { status: exactly(false), message: 'Why not' },
    becomes: { failure: { kind: 'unauthorized' } },
  },
]

const pushes: Case<Arvind>[] = [
  {
    about: 'an order is pushed',
    call: async (arvind) => arvind.pushOrder(await writeArvindOrder(), context),
    answer: { status: exactly(true), data: { orderId: 'AI0000000001' } },
    becomes: { value: { data: { orderId: 'AI0000000001' } } },
  },
  {
    about: 'an order is pushed again',
    given: order(),
    call: async (arvind) => arvind.pushOrder(await writeArvindOrder(), context),
    answer: no('DUPLICATE_ORDER'),
    becomes: refused('DUPLICATE_ORDER'),
  },
  {
    about: 'an order with a SKU that Arvind does not know',
    call: async (arvind) =>
      arvind.pushOrder((await writeArvindOrder()).replaceAll('TEE-M', 'NOPE'), context),
    answer: no('INVALID_SKU'),
    becomes: refused('INVALID_SKU'),
  },
]

const asks: Case<Arvind>[] = [
  {
    about: 'an item is cancelled',
    given: order(),
    call: (arvind) => arvind.cancel(cancel, context),
    answer: { status: exactly(true), data: { items: [{ eligible: exactly(true) }] } },
    becomes: { value: null },
  },
  {
    about: 'an item that has left is not cancelled',
    given: order('SHIPPED'),
    call: (arvind) => arvind.cancel(cancel, context),
    answer: no('ALREADY_SHIPPED', { data: { items: [ineligible('ALREADY_SHIPPED')] } }),
    becomes: refused('ALREADY_SHIPPED'),
  },
  {
    about: 'an item that is cancelled already',
    given: [...order(), ['arvind.order.cancel', { orderReference }]],
    call: (arvind) => arvind.cancel(cancel, context),
    answer: no('ALREADY_CANCELLED', { data: { items: [ineligible('ALREADY_CANCELLED')] } }),
    becomes: refused('ALREADY_CANCELLED'),
  },
  {
    about: 'an item of an order that Arvind does not know is cancelled',
    call: (arvind) => arvind.cancel({ ...cancel, orderReference: 'K-9' }, context),
    answer: no('ORDER_NOT_FOUND'),
    becomes: refused('ORDER_NOT_FOUND'),
  },
  {
    about: 'an item is sent back',
    given: order('DELIVERED'),
    call: (arvind) => arvind.return(sendBack, context),
    answer: {
      status: exactly(true),
      data: { returns: [{ eligible: exactly(true), returnId: 'RT0000000001' }] },
    },
    becomes: { value: 'RT0000000001' },
  },
  {
    about: 'an item that was paid in cash is sent back',
    given: order('DELIVERED', 'COD'),
    call: (arvind) => arvind.return(sendBackForCash, context),
    answer: {
      status: exactly(true),
      data: { returns: [{ eligible: exactly(true), returnId: 'RT0000000001' }] },
    },
    becomes: { value: 'RT0000000001' },
  },
  {
    about: 'an item that is not delivered is not sent back',
    given: order('SHIPPED'),
    call: (arvind) => arvind.return(sendBack, context),
    answer: no('NOT_DELIVERED', { data: { returns: [ineligible('NOT_DELIVERED')] } }),
    becomes: refused('NOT_DELIVERED'),
  },
  {
    about: 'an item that is sent back already',
    given: [...order('DELIVERED'), ['arvind.return.request', { orderReference }]],
    call: (arvind) => arvind.return(sendBack, context),
    answer: no('ALREADY_RETURNED', { data: { returns: [ineligible('ALREADY_RETURNED')] } }),
    becomes: refused('ALREADY_RETURNED'),
  },
  {
    about: 'an item of an order that Arvind does not know is sent back',
    call: (arvind) => arvind.return({ ...sendBack, orderReference: 'K-9' }, context),
    answer: no('ORDER_NOT_FOUND'),
    becomes: refused('ORDER_NOT_FOUND'),
  },
  {
    about: 'where an order is',
    given: order('DELIVERED'),
    call: (arvind) => arvind.track(orderReference, context),
    answer: {
      data: { orderReference: exactly(orderReference), orderStatus: exactly('DELIVERED') },
    },
    becomes: { value: { status: 200, json: { data: { orderStatus: 'DELIVERED' } } } },
  },
  {
    about: 'where an order is that Arvind does not know',
    call: (arvind) => arvind.track('K-9', context),
    status: 404,
    answer: no('ORDER_NOT_FOUND'),
    becomes: { value: { status: 404 } },
  },
]

const inTrouble = troubles<Arvind>([
  {
    about: 'a cart to a pincode',
    operation: 'checkServiceability',
    call: (arvind) => arvind.serviceability(question(), context),
  },
  {
    about: 'an order',
    operation: 'pushOrder',
    call: async (arvind) => arvind.pushOrder(await writeArvindOrder(), context),
  },
])

testCases(openPact('arvind'), {
  provider: 'arvind',
  createClient: (ports, caller, url) =>
    createArvind(ports, caller, () => ({
      api_url: url,
      auth_token: 'fake-token-of-the-contract',
      username: 'fake-user-of-the-contract',
      password: 'fake-password-of-the-contract',
      channel_id: channelId,
      warehouse_id: warehouseId,
      ordering_store_id: examples.ordering_store_id,
    })),
  cases: [...serviceability, ...pushes, ...asks, ...inTrouble],
})
