import { createServer, type Server } from 'node:http'

/** Rows of stock by SKU, as the simulator shows them. */
export interface FloorStock {
  rows: readonly StockRow[]
}

export interface StockRow {
  identifier: { sku_code: string }
  quantity: number
  store: { id: number | string; code: string; name: string }
  [field: string]: unknown
}

/**
 * The least that a server in this language can do for the two questions of the bench: a bare `node:http` server that parses the same
 * JSON, keeps the same Maps up to date and writes an answer of the same shape, with no validation, authentication, journal or webhook.
 */
export function createFloor(stock: FloorStock): Server {
  const rowsBySku = new Map<string, StockRow[]>()
  for (const row of stock.rows) {
    const sku = row.identifier.sku_code
    rowsBySku.set(sku, [...(rowsBySku.get(sku) ?? []), { ...row }])
  }
  const orders = new Map<string, object>()
  const ordersOfAffiliate = new Map<string, string[]>()
  const orderOfBag = new Map<number, string>()
  const orderOfShipment = new Map<string, string>()
  const changedAt = new Map<string, number>()

  const answerStock = (query: string): object => {
    const skus = new URLSearchParams(query).get('sku_code')?.split(',') ?? []
    return { items: skus.flatMap((sku) => rowsBySku.get(sku) ?? []) }
  }
  const answerOrder = (body: OrderBody): object => {
    const number = orders.size + 1
    const { affiliate_order_id, bags } = body.order_info
    const fyndOrderId = `FY${String(number).padStart(18, '0')}`
    const shipmentId = String(number).padStart(20, '0')
    const placed = bags.map((bag, at) => {
      const row = rowsBySku.get(bag.sku)?.[0]
      if (row) row.quantity -= bag.quantity
      changedAt.set(bag.sku, Date.now())
      const bagId = number * 100 + at
      orderOfBag.set(bagId, fyndOrderId)
      return {
        bag_id: bagId,
        affiliate_bag_id: bag.affiliate_bag_id,
        sku: bag.sku,
        status: 'placed',
      }
    })
    const { id, code, name } = rowsBySku.get(bags[0]?.sku ?? '')?.[0]?.store ?? {}
    const shipments = [
      { shipment_id: shipmentId, fulfilling_store: { id, code, name }, bags: placed },
    ]
    orders.set(fyndOrderId, { request: body.order_info, shipments, created_at: Date.now() })
    ordersOfAffiliate.set(affiliate_order_id, [fyndOrderId])
    orderOfShipment.set(shipmentId, fyndOrderId)
    return {
      success: true,
      fynd_order_id: fyndOrderId,
      affiliate_order_id,
      order_status: 'placed',
      shipments,
      message: 'Order initiation completed',
    }
  }

  return createServer((request, response) => {
    const send = (answer: object) => {
      const text = JSON.stringify(answer)
      response.writeHead(200, {
        'content-type': 'application/json; charset=utf-8',
        'content-length': Buffer.byteLength(text),
      })
      response.end(text)
    }
    if (request.method === 'GET') {
      send(answerStock((request.url ?? '').split('?')[1] ?? ''))
      return
    }
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => send(answerOrder(JSON.parse(Buffer.concat(chunks).toString('utf8')))))
  })
}

interface OrderBody {
  order_info: {
    affiliate_order_id: string
    bags: { affiliate_bag_id: string; sku: string; quantity: number }[]
  }
}
