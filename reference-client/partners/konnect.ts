import { z } from 'zod'
import type { KonnectSettings } from '../konnect/seller-settings.ts'
import type { ShopPorts } from '../ports.ts'
import { askedBy, type Call, type Caller, type Trace, understood } from './call.ts'
import { type Answer, failedAnswer } from './errors.ts'
import { type BatchResult, orderKey, readCounters, readRecords, rowKey } from './konnect-records.ts'
import {
  ackShape,
  catalogPageShape,
  courierShape,
  infoShape,
  listingCountShape,
  listingsShape,
  productStatusShape,
  readOrders,
  tokenShape,
  trackShape,
} from './konnect-shapes.ts'
import { type Access, company, createTokens, type Tokens } from './konnect-token.ts'

/** konnect.md 4: records of one stock or price call, orders of one order call, rows of one page. */
export const limits = { rows: 500, orders: 20, products: 100, catalogPage: 200, orderPage: 100 }

const timeouts = { readMs: 6_000, writeMs: 12_000 }

export type Context = { trace: Trace; attempt?: number; orderId?: string }

type Request = {
  operation: string
  method: Call['method']
  path: string
  query?: Record<string, string | undefined>
  body?: unknown
  access: Access
  accept?: string
}

type Send = (request: Request, context: Context) => Promise<Answer>

/** What every group of operations is built from. */
type Wire = {
  send: Send
  /** The answer in the shape asked for; throws a `PartnerError` for everything else. */
  ask<T>(request: Request, context: Context, shape: z.ZodType<T>): Promise<T>
  refuse(request: Request, answer: Answer, why?: string): Error
}

/** The 31 operations of Konnect (konnect.md 0.4), one attempt each; every one throws a `PartnerError` on failure. */
export function createKonnect(
  ports: ShopPorts,
  caller: Caller,
  settings: () => Required<KonnectSettings>,
) {
  const tokens = tokensOf(ports, caller, settings)
  const callOf = (request: Request, token: string, context: Context): Call => ({
    ...prepare(settings(), request, context),
    headers: {
      accept: request.accept ?? 'application/json',
      // The guide wants it on reads, too (konnect.md 1.2).
      'content-type': 'application/json',
      'x-access-token': token,
    },
  })
  const send: Send = async (request, context) => {
    for (let isSecond = false; ; isSecond = true) {
      const token = await tokens.get(request.access, context.trace)
      const answer = await caller(callOf(request, token, context), context.trace)
      if (answer.status !== 401 || isSecond) return answer
      // Expired earlier than we thought, or revoked: another token, once.
      tokens.drop(request.access, token)
    }
  }
  const refuse = (request: Request, answer: Answer, why?: string) =>
    failedAnswer(askedBy(callOf(request, '', { trace: [] }), ports), answer, why)
  const wire: Wire = {
    send,
    refuse,
    async ask(request, context, shape) {
      const answer = await send(request, context)
      const call = callOf(request, '', context)
      return understood(call, ports, answer, (json) => shape.safeParse(json))
    },
  }
  return {
    tokens,
    /** Where a call about this location finds its token. */
    accessOf: (location: string): Access => (settings().access === 'company' ? company : location),
    ...stockCalls(wire),
    ...orderReads(wire),
    ...orderWrites(wire),
    ...catalogueCalls(wire),
  }
}

export type Konnect = ReturnType<typeof createKonnect>

function tokensOf(
  ports: ShopPorts,
  caller: Caller,
  settings: () => Required<KonnectSettings>,
): Tokens {
  return createTokens(
    async (access, trace) => {
      const account = settings()
      const location = account.locations.find(({ code }) => code === access)
      const { username = '', password = '' } = access === company ? account : (location ?? {})
      const request: Request = {
        operation: 'token',
        method: 'GET',
        path: '/aggregator/v1/token',
        query: { username, password },
        access,
      }
      const call: Call = {
        ...prepare(account, request, { trace }),
        headers: { accept: 'application/json' },
      }
      const answer = await caller(call, trace)
      const told = understood(call, ports, answer, (json) => tokenShape.safeParse(json))
      return {
        token: told.access_token ?? told.token ?? '',
        lifetimeMs: (told.expires_in ?? account.token_lifetime_s) * 1_000,
      }
    },
    () => ports.clock.nowMs(),
  )
}

function prepare(account: KonnectSettings, request: Request, context: Context): Call {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) query.set(name, value)
  }
  // `+` for a space is a form's habit; `%20` is a space to everybody.
  const search = query.size === 0 ? '' : `?${query.toString().replaceAll('+', '%20')}`
  return {
    partner: 'konnect',
    operation: request.operation,
    method: request.method,
    url: `${account.api_url.replace(/\/+$/, '')}${request.path}${search}`,
    headers: {},
    timeoutMs: request.method === 'GET' ? timeouts.readMs : timeouts.writeMs,
    attempt: context.attempt ?? 1,
    ...(context.orderId !== undefined && { orderId: context.orderId }),
    ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
  }
}

export type WireStock = { location_id: string; sku: string; quantity: number }
export type WirePrice = {
  location_id: string
  sku: string
  esp: number
  mrp: number
  currency: string
}

function stockCalls(wire: Wire) {
  const push = async (
    operation: string,
    path: string,
    rows: (WireStock | WirePrice)[],
    access: Access,
    context: Context,
  ): Promise<BatchResult> => {
    const request: Request = { operation, method: 'PUT', path, body: rows, access }
    return readBatch(wire, request, await wire.send(request, context), keysOf(rows), rowKey)
  }
  return {
    /** Absolute quantities of at most 500 records. */
    pushStock: (rows: WireStock[], access: Access, context: Context) =>
      push('inventory', '/ims/v3/inventory', rows, access, context),
    pushPrices: (rows: WirePrice[], access: Access, context: Context) =>
      push('price', '/ims/v3/price', rows, access, context),
    /** One page of what Konnect can sell, 500 rows at most. */
    listings: (page: number, access: Access, context: Context) => {
      const query = { page_no: String(page), page_size: String(limits.rows) }
      return wire.ask(
        { operation: 'listings', method: 'GET', path: '/ims/v3/listings', query, access },
        context,
        listingsShape,
      )
    },
    listingCount: async (access: Access, context: Context) => {
      const path = '/ims/v3/listings/count'
      const request: Request = { operation: 'listings-count', method: 'GET', path, access }
      return (await wire.ask(request, context, listingCountShape)).data.listing_count
    },
  }
}

export type OrderQuery = {
  orderStatus?: string
  orderId?: string
  locationCode?: string
  pageNumber?: string
  pageSize?: string
  /** Indian time, `YYYY-MM-DDTHH:MM:SS` (konnect.md 2.18). */
  orderDateFrom?: string
  orderDateTo?: string
}

function orderReads(wire: Wire) {
  const pdf = async (
    operation: string,
    path: string,
    orderId: string,
    access: Access,
    context: Context,
  ): Promise<{ bytes: Uint8Array } | { code: string; message: string }> => {
    const accept = 'application/pdf, application/json'
    const body = [{ orderId }]
    const request: Request = { operation, method: 'POST', path, body, access, accept }
    const answer = await wire.send(request, context)
    const isPdf = answer.contentType?.startsWith('application/pdf') === true
    if (answer.status === 200 && isPdf && answer.text.startsWith('%PDF') && answer.bytes) {
      return { bytes: answer.bytes }
    }
    const failure = readBatch(wire, request, answer, [orderId], orderKey).failed.get(orderId)
    if (failure !== undefined) return failure
    throw wire.refuse(request, answer, 'the answer is neither a PDF nor a refusal')
  }
  return {
    /** A bare array without a total. */
    orders: async (query: OrderQuery, access: Access, context: Context) => {
      const path = '/oms/v3/shipment'
      const request: Request = { operation: 'orders', method: 'GET', path, query, access }
      const answer = await wire.send(request, context)
      const read = answer.status === 200 ? readOrders(answer.json) : undefined
      if (read !== undefined) return read
      throw answer.status === 200
        ? wire.refuse(request, answer, 'the answer is not a list of orders')
        : wire.refuse(request, answer)
    },
    /** True when Konnect holds the shipment against changes. */
    isLocked: async (orderId: string, access: Access, context: Context) => {
      const path = '/oms/v3/shipment/info'
      const query = { orderId }
      const request: Request = { operation: 'shipment-info', method: 'GET', path, query, access }
      const { orders } = await wire.ask(request, context, infoShape)
      const lock = orders.find(({ id }) => id === orderId)?.lockStatus
      return lock === true || (typeof lock === 'string' && /^(?:true|locked)$/i.test(lock))
    },
    /** A read over POST: couriers of at most 20 orders; an order without one has no numbers. */
    couriers: (orderIds: string[], access: Access, context: Context) =>
      readCouriers(wire, orderIds, access, context),
    label: (orderId: string, access: Access, context: Context) =>
      pdf('labels', '/oms/v3/shipment/labels', orderId, access, context),
    customerInvoice: (orderId: string, access: Access, context: Context) =>
      pdf('customer-invoice', '/oms/v3/shipment/invoice', orderId, access, context),
    /** One object, not an array. */
    track: async (orderId: string, access: Access, context: Context) => {
      const path = '/oms/v3/shipment/track'
      const body = { shipment_id: orderId }
      const request: Request = { operation: 'track', method: 'POST', path, body, access }
      return (await wire.ask(request, context, trackShape)).data
    },
  }
}

async function readCouriers(wire: Wire, orderIds: string[], access: Access, context: Context) {
  const body = orderIds.map((orderId) => ({ orderId }))
  const path = '/oms/v3/shipment/courierDetails'
  const request: Request = { operation: 'courier-details', method: 'POST', path, body, access }
  const answer = await wire.send(request, context)
  // All good: a bare array; otherwise the batch envelope with the good rows under `data` (konnect.md 2.25).
  const rows = Array.isArray(answer.json)
    ? answer.json
    : z.looseObject({ data: z.array(z.unknown()) }).safeParse(answer.json).data?.data
  if (rows === undefined && readCounters(answer.json) === undefined) {
    throw answer.status === 200
      ? wire.refuse(request, answer, 'the answer names no couriers')
      : wire.refuse(request, answer)
  }
  return (rows ?? []).flatMap((row) => {
    const parsed = courierShape.safeParse(row)
    return parsed.success ? [parsed.data] : []
  })
}

/** The writes on orders; all take an array of at most 20 and answer record by record. */
export const orderWritePaths = {
  cancel: ['POST', '/oms/v3/shipment/cancel'],
  confirm: ['POST', '/oms/v3/shipment/confirm'],
  'invoice-update': ['POST', '/oms/v3/shipment/invoiceUpdate'],
  awb: ['PUT', '/oms/v3/shipment/awb'],
  pack: ['POST', '/oms/v3/shipment/pack'],
  dispatch: ['POST', '/oms/v3/shipment/dispatch'],
  status: ['PUT', '/oms/v3/shipment/status'],
  return: ['POST', '/oms/v3/shipment/return'],
} as const

export type OrderWrite = keyof typeof orderWritePaths

function orderWrites(wire: Wire) {
  return {
    writeOrders: async (
      operation: OrderWrite,
      records: { orderId: string }[],
      access: Access,
      context: Context,
    ): Promise<BatchResult> => {
      const [method, path] = orderWritePaths[operation]
      const request: Request = { operation, method, path, body: records, access }
      const keys = records.map(({ orderId }) => orderId)
      return readBatch(wire, request, await wire.send(request, context), keys, orderKey)
    },
  }
}

const catalogueLists = {
  departments: '/v3/catalog/departments',
  categories: '/v3/catalog/category',
  brands: '/v3/catalog/company-brand',
  templates: '/v3/catalog/product/template',
  attributes: '/v3/catalog/product-attributes',
  'hs-codes': '/v3/catalog/taxes/hscodes',
  'tax-rules': '/v3/catalog/taxes/rules',
  products: '/v3/catalog/product',
} as const

export type CatalogueList = keyof typeof catalogueLists

function catalogueCalls(wire: Wire) {
  const methods = { create: 'POST', update: 'PUT', delete: 'DELETE' } as const
  return {
    /** One page of reference data or products. */
    catalogue: (
      list: CatalogueList,
      query: Record<string, string>,
      access: Access,
      context: Context,
    ) => {
      const path = catalogueLists[list]
      const request: Request = { operation: list, method: 'GET', path, query, access }
      return wire.ask(request, context, catalogPageShape)
    },
    /** Only takes the products in: how it ended is asked for by the trace id, which is opaque. */
    writeProducts: (
      operation: 'create' | 'update' | 'delete',
      body: string,
      access: Access,
      context: Context,
    ) => {
      const request: Request = {
        operation: `${operation}-products`,
        method: methods[operation],
        path: '/v3/catalog/product',
        body: JSON.parse(body),
        access,
      }
      return wire.ask(request, context, ackShape)
    },
    productStatus: (traceId: string, access: Access, context: Context) => {
      const path = '/v3/catalog/status'
      const query = { trace_id: traceId }
      const request: Request = { operation: 'product-status', method: 'GET', path, query, access }
      return wire.ask(request, context, productStatusShape)
    },
  }
}

function readBatch(
  wire: Wire,
  request: Request,
  answer: Answer,
  keys: string[],
  keyOf: Parameters<typeof readRecords>[2],
): BatchResult {
  const counters = readCounters(answer.json)
  const isOk = answer.status >= 200 && answer.status < 300
  // A refusal of the whole call has no counters; a batch in which all failed may come with a 400 and still name each.
  if (counters !== undefined && (isOk || (answer.status === 400 && counters.errors.length > 0))) {
    return readRecords(counters, keys, keyOf)
  }
  throw isOk
    ? wire.refuse(request, answer, 'the answer counts no records')
    : wire.refuse(request, answer)
}

function keysOf(rows: { location_id: string; sku: string }[]): string[] {
  return rows.flatMap((row) => rowKey(row) ?? [])
}
