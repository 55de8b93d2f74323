import { createServer, type Server } from 'node:http'

export interface FloorStock {
  /** Rows of one SKU as the simulator shows them; those of the others are made from it. */
  rows: readonly StockRow[]
  skus: readonly string[]
  /** Placed before anybody asks. */
  orders: number
}

export interface StockRow {
  uid: string
  identifier: { sku_code: string }
  quantity: number
  store: { id: number | string; code: string; name: string }
  [field: string]: unknown
}

/**
 * The least that a server in this language can do for the questions of the bench: a bare `node:http` server that parses the same JSON,
 * keeps the same Maps up to date and writes an answer of the same shape, with no validation, authentication, journal or webhook.
 */
export function createFloor(stock: FloorStock): Server {
  const shelf = createShelf(stock)
  const till = createTill(shelf)
  const warehouse = createWarehouse(stock)
  for (let number = 1; number <= stock.orders; number += 1) {
    const sku = stock.skus[number % stock.skus.length] ?? ''
    till.order({
      affiliate_order_id: `before-${number}`,
      bags: [{ affiliate_bag_id: `before-${number}-1`, sku, quantity: 1 }],
    })
  }
  const answerGet = (path: string, query: string): object =>
    path.endsWith('/changes') ? shelf.changes(query) : shelf.status(query)
  const answerPost = (path: string, text: string): object => {
    if (path.endsWith('/orders')) return till.order((JSON.parse(text) as OrderBody).order_info)
    if (path.endsWith('/serviceability')) return shelf.serviceability(JSON.parse(text))
    if (path.endsWith('/initiate')) return till.initiate(JSON.parse(text))
    if (path.endsWith('/confirm')) return till.confirm(JSON.parse(text))
    return till.pay(path, new URLSearchParams(text).get('outcome'))
  }
  return createServer((request, response) => {
    const [path = '', query = ''] = (request.url ?? '').split('?')
    const send = (answer: object) => {
      const text = JSON.stringify(answer)
      response.writeHead(200, {
        'content-type': 'application/json; charset=utf-8',
        'content-length': Buffer.byteLength(text),
      })
      response.end(text)
    }
    if (request.method === 'GET') {
      send(answerGet(path, query))
      return
    }
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8')
      send(request.method === 'PUT' ? warehouse.write(JSON.parse(text)) : answerPost(path, text))
    })
  })
}

type Shelf = ReturnType<typeof createShelf>

/** FYND's stock. */
function createShelf({ rows: template, skus }: FloorStock) {
  const rowsBySku = new Map(skus.map((sku) => [sku, template.map((row) => rowOf(row, sku))]))
  const changedAt = new Map(skus.map((sku) => [sku, Date.now()]))
  return {
    rowsBySku,
    take(sku: string, quantity: number): StockRow | undefined {
      const row = rowsBySku.get(sku)?.[0]
      if (row) row.quantity -= quantity
      // The order of a Map is that of setting: the oldest change first.
      changedAt.delete(sku)
      changedAt.set(sku, Date.now())
      return row
    },
    status(query: string): object {
      const asked = new URLSearchParams(query).get('sku_code')?.split(',') ?? []
      return { items: asked.flatMap((sku) => rowsBySku.get(sku) ?? []) }
    },
    changes(query: string): object {
      const asked = new URLSearchParams(query)
      const sinceMs = Date.parse(asked.get('timestamp') ?? '')
      const size = Number(asked.get('page_size'))
      const items: object[] = []
      for (const [sku_code, atMs] of changedAt) {
        if (items.length === size) break
        if (atMs >= sinceMs) items.push({ sku_code, updated_at: new Date(atMs).toISOString() })
      }
      return {
        items,
        page: {
          type: 'cursor',
          has_next: changedAt.size > items.length,
          next_id: String(items.length),
          item_total: changedAt.size,
          size: items.length,
        },
        as_of: new Date().toISOString(),
      }
    },
    serviceability({ cart_items }: CartBody): object {
      const min = Math.floor(Date.now() / 1000)
      const delivery_promise = {
        timestamp: { min, max: min + 172_800 },
        formatted: { min: 'Thu, 26 Nov', max: 'Sat, 28 Nov' },
      }
      const items = cart_items.map(({ sku_code, quantity }) => {
        const rows = rowsBySku.get(sku_code) ?? []
        const there = rows.reduce((sum, row) => sum + row.quantity, 0)
        return {
          sku_code,
          quantity,
          message: '',
          availability: {
            deliverable: true,
            out_of_stock: there < quantity,
            is_valid: there >= quantity,
            other_store_quantity: there - (rows[0]?.quantity ?? 0),
          },
          delivery_promise,
        }
      })
      return {
        success: true,
        is_valid: true,
        message: '',
        is_cod_available: true,
        to_city: 'Bengaluru',
        items,
        delivery_promise,
        error: { type: null, value: null, message: null },
        request_uuid: '00000000-0000-4000-8000-000000000000',
      }
    },
  }
}

const rowOf = (row: StockRow, sku: string): StockRow => ({
  ...row,
  uid: `${row.store.id}_${sku}`,
  identifier: { sku_code: sku },
})

/** What the sellers of Konnect have. */
function createWarehouse({ rows, skus }: FloorStock) {
  const quantities = new Map(
    rows.map(({ store }) => [store.code, new Map(skus.map((sku) => [sku, 0]))]),
  )
  let answers = 0
  return {
    write(records: { location_id: string; sku: string; quantity: number }[]): object {
      for (const { location_id, sku, quantity } of records) {
        let rows = quantities.get(location_id)
        if (!rows) {
          rows = new Map()
          quantities.set(location_id, rows)
        }
        rows.set(sku, quantity)
      }
      answers += 1
      const many = records.length
      return {
        data: { payload_count: many, success_count: many, failed_count: 0, errors: [] },
        meta: {
          ack_id: String(answers).padStart(24, '0'),
          integrationId: '65bb00000000000000000001',
          time: new Date().toISOString(),
          status: 'SUCCESS',
        },
      }
    },
  }
}

/** FYND's orders and the gateway's payments. */
function createTill(shelf: Shelf) {
  const orders = new Map<string, { payment_id?: string; [field: string]: unknown }>()
  const ordersOfAffiliate = new Map<string, string[]>()
  const orderOfBag = new Map<number, string>()
  const orderOfShipment = new Map<string, string>()
  const payments = new Map<string, { outcome: string | null; [field: string]: unknown }>()
  return {
    order(request: OrderBody['order_info']): object {
      const number = orders.size + 1
      const { affiliate_order_id, bags } = request
      const fyndOrderId = `FY${String(number).padStart(18, '0')}`
      const shipmentId = String(number).padStart(20, '0')
      const placed = bags.map((bag, at) => {
        shelf.take(bag.sku, bag.quantity)
        const bagId = number * 100 + at
        orderOfBag.set(bagId, fyndOrderId)
        return {
          bag_id: bagId,
          affiliate_bag_id: bag.affiliate_bag_id,
          sku: bag.sku,
          status: 'placed',
        }
      })
      const { id, code, name } = shelf.rowsBySku.get(bags[0]?.sku ?? '')?.[0]?.store ?? {}
      const shipments = [
        { shipment_id: shipmentId, fulfilling_store: { id, code, name }, bags: placed },
      ]
      orders.set(fyndOrderId, { request, shipments, created_at: Date.now() })
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
    },
    initiate(request: object): object {
      const payment_id = `pay_${String(payments.size + 1).padStart(16, '0')}`
      payments.set(payment_id, { request, outcome: null })
      return { payment_id, pay_url: `http://127.0.0.1:4040/pay/${payment_id}` }
    },
    pay(path: string, outcome: string | null): object {
      const payment = payments.get(path.slice(path.lastIndexOf('/') + 1))
      if (payment) payment.outcome = outcome
      return {}
    },
    confirm({ order_id, payment_methods }: Confirmation): object {
      const order = orders.get(order_id)
      const paymentId = payment_methods[0]?.meta.payment_id
      if (order && paymentId !== undefined) order.payment_id = paymentId
      return { success: true, message: 'Payment confirmed', order_id }
    },
  }
}

interface OrderBody {
  order_info: {
    affiliate_order_id: string
    bags: { affiliate_bag_id: string; sku: string; quantity: number }[]
  }
}

interface CartBody {
  cart_items: { sku_code: string; quantity: number }[]
}

interface Confirmation {
  order_id: string
  payment_methods: { meta: { payment_id?: string } }[]
}
