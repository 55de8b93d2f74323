import { createHash, createHmac } from 'node:crypto'
import type { CheckoutPlan } from '../lib/checkout-plan.ts'
import {
  renderConfirmation,
  renderInitiate,
  renderOrder,
  renderServiceability,
} from '../lib/checkout-wire.ts'
import { signedHeaders } from '../lib/sign-request.ts'
import { readJson, renderRequest, type Talk } from './raw-client.ts'

/** Where a contender listens and how to prove who calls. */
export interface Target {
  /** Takes the calls of all partners. */
  port: number
  /** What stands before each partner's own paths; FYND's up to and with the affiliate. */
  paths: { fynd: string; konnect: string; gateway: string }
  affiliateId: string
  token: string
  secret: string
  konnectToken: string
  gatewayKey: string
  gatewaySecret: string
  /** Where the SKUs lie. */
  store: string
  /** With stock that does not end. */
  skus: string[]
}

/** A question that simulator and floor are asked in turns, in the same bytes. */
export interface Question {
  name: string
  title: string
  /** At least this part of the floor's rate (issue: speed). */
  ratioTarget: number
  /** In one round. */
  requests: number
  /** Calls that one of them makes. */
  calls: number
  /** Every number is another request. */
  ask(target: Target, number: number, nowMs: number): Buffer | Talk
}

const skusAsked = 50
const recordsSent = 500
const pageSize = 100
const bagsOrdered = 3

const hashes = {
  sha256Hex: (text: string) => createHash('sha256').update(text).digest('hex'),
  hmacSha256Hex: (secret: string, text: string) =>
    createHmac('sha256', secret).update(text).digest('hex'),
}

const jsonType = { 'content-type': 'application/json; charset=utf-8' }

/** (a) What the reference client sends for a cart of fifty lines. */
export function askStock(target: Target, number: number): Buffer {
  return get(target, `/inventory/stock-status?sku_code=${some(target.skus, number, skusAsked)}`)
}

/** (b) The first page of all that changed in the last six days. */
export function askChanges(target: Target, _number: number, nowMs: number): Buffer {
  const timestamp = new Date(nowMs - 6 * 86_400_000).toISOString().slice(0, 19)
  return get(target, `/inventory/changes?timestamp=${timestamp}Z&page_size=${pageSize}`)
}

/** (c) As many records as Konnect takes at once. */
export function askInventory(target: Target, number: number): Buffer {
  const records = some(target.skus, number, recordsSent).map((sku, at) => ({
    location_id: target.store,
    sku,
    quantity: 1_000_000 + ((number + at) % 1_000),
  }))
  return renderRequest({
    method: 'PUT',
    target: `${target.paths.konnect}/ims/v3/inventory`,
    host: hostOf(target),
    headers: { 'x-access-token': target.konnectToken, ...jsonType },
    body: JSON.stringify(records),
  })
}

/** (d) One COD order of three bags; every number gives another order. Signed, as a write is. */
export function askOrder(target: Target, number: number, nowMs: number): Buffer {
  return post(target, '/orders', orderOf(target, number), nowMs)
}

/** (e) What a prepaid customer costs: stock, serviceability, order, payment (begun and paid), confirmation. */
export function askCheckout(target: Target, number: number, nowMs: number): Talk {
  const plan = planOf(target, number, 'PREPAID')
  let fyndOrderId = ''
  let paymentId = ''
  return [
    () => get(target, `/inventory/stock-status?sku_code=${plan.sku.sku}`),
    () => post(target, '/serviceability', renderServiceability(plan)),
    () => post(target, '/orders', renderOrder(plan, target.affiliateId), nowMs),
    (placed) => {
      fyndOrderId = String((readJson(placed) as { fynd_order_id: string }).fynd_order_id)
      return renderRequest({
        method: 'POST',
        target: `${target.paths.gateway}/payments/initiate`,
        host: hostOf(target),
        headers: { authorization: gatewayAuthorization(target), ...jsonType },
        body: JSON.stringify(renderInitiate(plan, fyndOrderId)),
      })
    },
    (begun) => {
      paymentId = String((readJson(begun) as { payment_id: string }).payment_id)
      return renderRequest({
        method: 'POST',
        target: `${target.paths.gateway}/pay/${paymentId}`,
        host: hostOf(target),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'outcome=paid',
      })
    },
    () =>
      post(
        target,
        `/orders/${fyndOrderId}/payment/confirm`,
        renderConfirmation(plan, fyndOrderId, paymentId),
        nowMs,
      ),
  ]
}

export const questions: readonly Question[] = [
  {
    name: 'stock',
    title: 'stock status of 50 SKUs',
    ratioTarget: 0.6,
    requests: 1_000,
    calls: 1,
    ask: askStock,
  },
  {
    name: 'changes',
    title: 'changed SKUs, a page of 100',
    ratioTarget: 0.6,
    requests: 2_000,
    calls: 1,
    ask: askChanges,
  },
  {
    name: 'inventory',
    title: 'Konnect inventory of 500 records',
    ratioTarget: 0.6,
    requests: 400,
    calls: 1,
    ask: askInventory,
  },
  {
    name: 'order',
    title: 'order placed, three bags',
    ratioTarget: 0.45,
    requests: 2_000,
    calls: 1,
    ask: askOrder,
  },
  {
    name: 'checkout',
    title: 'checkout, six calls',
    ratioTarget: 0.45,
    requests: 400,
    calls: 6,
    ask: askCheckout,
  },
]

const some = (all: readonly string[], number: number, many: number): string[] =>
  Array.from(
    { length: Math.min(many, all.length) },
    (_, at) => all[(number * many + at) % all.length] ?? '',
  )

function planOf(target: Target, number: number, paymentMode: 'COD' | 'PREPAID'): CheckoutPlan {
  const sku = target.skus[number % target.skus.length] ?? ''
  return {
    orderId: `bench-${number}`,
    sku: { sku, size: 'M', priceMarked: 999, priceEffective: 499 },
    paymentMode,
  }
}

function orderOf(target: Target, number: number): object {
  const plan = planOf(target, number, 'COD')
  const { order_info: info, ...order } = renderOrder(plan, target.affiliateId)
  const [bag] = info.bags
  const bags = Array.from({ length: bagsOrdered }, (_, at) => ({
    ...bag,
    affiliate_bag_id: `${plan.orderId}-${at + 1}`,
    sku: target.skus[(number + at) % target.skus.length],
  }))
  const order_value = info.order_value * bagsOrdered
  return { ...order, order_info: { ...info, order_value, bags } }
}

const get = (target: Target, path: string): Buffer =>
  renderRequest({
    method: 'GET',
    target: `${target.paths.fynd}${path}`,
    host: hostOf(target),
    headers: { accept: 'application/json', authorization: authorization(target) },
  })

/** With a time: signed, as a write is. */
function post(target: Target, path: string, json: object, nowMs?: number): Buffer {
  const body = JSON.stringify(json)
  const whole = `${target.paths.fynd}${path}`
  const { secret } = target
  const signed =
    nowMs === undefined
      ? {}
      : signedHeaders({ method: 'POST', target: whole, body, nowMs, secret }, hashes)
  return renderRequest({
    method: 'POST',
    target: whole,
    host: hostOf(target),
    headers: {
      accept: 'application/json',
      authorization: authorization(target),
      ...jsonType,
      ...signed,
    },
    body,
  })
}

const hostOf = ({ port }: Target) => `127.0.0.1:${port}`

const authorization = ({ affiliateId, token }: Target) =>
  `Bearer ${Buffer.from(`${affiliateId}:${token}`).toString('base64')}`

const gatewayAuthorization = ({ gatewayKey, gatewaySecret }: Target) =>
  `Basic ${Buffer.from(`${gatewayKey}:${gatewaySecret}`).toString('base64')}`
