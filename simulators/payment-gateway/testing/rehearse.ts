import type { Outcome, OutgoingCall } from '../../core/messenger/delivery.ts'
import { createWorld, type World } from '../../core/world.ts'
import { paymentGateway } from '../index.ts'

export const origin = 'http://127.0.0.1:4040'
export const returnUrl = 'http://127.0.0.1:4100/gateway/callback'
export const webhookUrl = 'http://127.0.0.1:4100/gateway/webhook'

export interface Reply {
  status: number
  text: string
  json: unknown
}

export interface Rehearsal {
  world: World
  /** What the shop has received, oldest first. */
  inbox: (OutgoingCall & { atMs: number })[]
  /** What the shop answers from now on. */
  shopAnswers(outcome: Outcome): void
  /** As the shop, with its key, unless `headers` say otherwise. */
  call(
    method: string,
    path: string,
    how?: { body?: unknown; text?: string; headers?: Record<string, string> },
  ): Promise<Reply>
  /** Presses a button of the hosted page. */
  press(paymentId: string, outcome: string): Promise<Reply>
  /** Opens a payment and answers its id. */
  initiate(changes?: object): Promise<string>
  advance(byMs: number): void
}

/** A world with the gateway alone, and a shop that answers what the test wants. */
export function rehearse(switches: Record<string, unknown> = {}, seed = 1): Rehearsal {
  const world = createWorld({ partners: [paymentGateway], seed, strict: true })
  if (Object.keys(switches).length > 0) world.setAssumptions('payment-gateway', switches)
  const inbox: Rehearsal['inbox'] = []
  const waiting: OutgoingCall[] = []
  let outcome: Outcome = { status: 200 }
  world.onOutgoing((call) => {
    inbox.push({ ...call, atMs: world.clock.nowMs })
    waiting.push(call)
  })
  const answerAll = () => {
    for (let call = waiting.shift(); call; call = waiting.shift()) {
      world.answered(call.deliveryId, call.attempt, outcome)
    }
  }
  const { key_id, key_secret } = world.credentials('payment-gateway')
  const authorization = `Basic ${btoa(`${key_id}:${key_secret}`)}`
  const call: Rehearsal['call'] = async (method, path, { body, text, headers = {} } = {}) => {
    const sent = text ?? (body === undefined ? undefined : JSON.stringify(body))
    const response = await world.fetch(
      new Request(`${origin}${path}`, {
        method,
        headers: {
          authorization,
          ...(sent !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(sent !== undefined && { body: sent }),
      }),
    )
    const answer = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json')
    return { status: response.status, text: answer, json: isJson ? JSON.parse(answer) : undefined }
  }
  return {
    world,
    inbox,
    shopAnswers: (next) => {
      outcome = next
    },
    call,
    press: (paymentId, pressed) =>
      call('POST', `/pay/${paymentId}`, {
        text: new URLSearchParams({ outcome: pressed }).toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: '' },
      }),
    async initiate(changes = {}) {
      const { json } = await call('POST', '/payments/initiate', { body: payment(changes) })
      return (json as { payment_id: string }).payment_id
    },
    advance(byMs) {
      const toMs = world.clock.nowMs + byMs
      answerAll()
      for (
        let timer = world.clock.next();
        timer && timer.dueMs <= toMs;
        timer = world.clock.next()
      ) {
        world.clock.fireNext()
        answerAll()
      }
      world.clock.moveTo(toMs)
      answerAll()
    },
  }
}

export const payment = (changes: object = {}) => ({
  merchant_order_id: '100001',
  fynd_order_id: null,
  amount_minor: 49_900,
  currency: 'INR',
  return_url: returnUrl,
  webhook_url: webhookUrl,
  ...changes,
})
