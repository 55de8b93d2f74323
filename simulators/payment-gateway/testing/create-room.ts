import type { Emission } from '../../core/partner.ts'
import { createRandom } from '../../core/random.ts'
import { assumptions, type GatewayAssumptions } from '../assumptions.ts'
import { createCatalogue } from '../catalogue.ts'
import { createState, type GatewayContext, initiate, type Payment } from '../state.ts'

export interface Room {
  ctx: GatewayContext
  emissions: Emission[]
  records: { what: string; data: object }[]
}

/** The gateway's context without a world around it, for tests of its rules. */
export function createRoom(switches: Partial<GatewayAssumptions> = {}): Room {
  const random = createRandom(1)
  const emissions: Emission[] = []
  const records: Room['records'] = []
  const refuse = () => {
    throw new Error('The gateway has no timers and blocks nobody.')
  }
  const ctx: GatewayContext = {
    state: createState(),
    catalogue: createCatalogue(),
    assumptions: assumptions.parse(switches),
    credentials: { key_id: 'FAKE-key', key_secret: 'FAKE-secret', webhook_secret: 'FAKE-hook' },
    site: {},
    nowMs: Date.UTC(2026, 0, 5, 4, 30),
    clientNowMs: Date.UTC(2026, 0, 5, 4, 30),
    origin: 'http://127.0.0.1:4040/w/blue',
    random: (name) => random.stream(name),
    schedule: refuse,
    cancel: refuse,
    emit: (emission) => emissions.push(emission),
    record: (what, data) => records.push({ what, data }),
    reactivate: refuse,
  }
  return { ctx, emissions, records }
}

export const openPayment = (room: Room, rest: Partial<Payment> = {}): Payment =>
  initiate(room.ctx, {
    merchantOrderId: rest.merchantOrderId ?? '100001',
    fyndOrderId: rest.fyndOrderId ?? null,
    amountMinor: rest.amountMinor ?? 49_900,
    returnUrl: 'http://127.0.0.1:4100/gateway/callback',
    webhookUrl: 'http://127.0.0.1:4100/gateway/webhook',
  })
