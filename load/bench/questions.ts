import { createHash, createHmac } from 'node:crypto'
import { renderOrder } from '../lib/checkout-wire.ts'
import { signedHeaders } from '../lib/sign-request.ts'
import { renderRequest } from './raw-client.ts'

/** Where a contender listens and how to prove who calls. */
export interface Target {
  port: number
  /** Up to and with the affiliate. */
  path: string
  affiliateId: string
  token: string
  secret: string
  skus: string[]
}

const hashes = {
  sha256Hex: (text: string) => createHash('sha256').update(text).digest('hex'),
  hmacSha256Hex: (secret: string, text: string) =>
    createHmac('sha256', secret).update(text).digest('hex'),
}

const jsonType = { 'content-type': 'application/json; charset=utf-8' }

/** What the reference client sends for a cart of fifty lines. */
export function askStock(target: Target): Buffer {
  return renderRequest({
    method: 'GET',
    target: `${target.path}/inventory/stock-status?sku_code=${target.skus.join(',')}`,
    host: `127.0.0.1:${target.port}`,
    headers: { accept: 'application/json', authorization: authorization(target) },
  })
}

/** One COD order of one piece; every number gives another order. Signed, as a write is. */
export function askOrder(target: Target, number: number, nowMs: number): Buffer {
  const sku = target.skus[number % target.skus.length] ?? ''
  const plan = {
    orderId: `bench-${number}`,
    sku: { sku, size: 'M', priceMarked: 999, priceEffective: 499 },
    paymentMode: 'COD' as const,
  }
  const body = JSON.stringify(renderOrder(plan, target.affiliateId))
  const path = `${target.path}/orders`
  return renderRequest({
    method: 'POST',
    target: path,
    host: `127.0.0.1:${target.port}`,
    headers: {
      accept: 'application/json',
      authorization: authorization(target),
      ...jsonType,
      ...signedHeaders(
        { method: 'POST', target: path, body, nowMs, secret: target.secret },
        hashes,
      ),
    },
    body,
  })
}

const authorization = ({ affiliateId, token }: Target) =>
  `Bearer ${Buffer.from(`${affiliateId}:${token}`).toString('base64')}`
