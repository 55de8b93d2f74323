import { LowSync, MemorySync, type SyncAdapter } from 'lowdb'
import { z } from 'zod'
import { type FyndEventName, fyndEvents } from './partners/fynd.ts'

/** What the operator types in (kartify.md 2: Gofynd API section), and the gateway's account. */
export type ShopSettings = {
  /** Where the world reaches this website, without a trailing slash. */
  public_url: string
  gofynd: {
    api_url: string
    affiliate_id: string
    affiliate_token: string
    secret_key: string
    safety_stock?: number
  }
  gateway: { url: string; key_id: string; key_secret: string; webhook_secret: string }
}

/** Behaviours that no source documents: each has a name and a default (kartify.md 4, 8, 9). */
export type ShopSwitches = {
  /** What a COD order becomes when the partner cannot take it: default `stay_missing`. */
  on_order_placed_error: 'stay_missing' | 'processing'
  /** What the cart does when the partner gives no stock answer: default `block`. */
  on_stock_error: 'block' | 'allow'
  /** Whether the safety stock counts in the cart, too: default true. */
  apply_on_cart: boolean
  /** `naive` applies every delivery of an event and mails again, to show the bug: default `once`. */
  webhook_events: 'once' | 'naive'
}

export const defaultSwitches: ShopSwitches = {
  on_order_placed_error: 'stay_missing',
  on_stock_error: 'block',
  apply_on_cart: true,
  webhook_events: 'once',
}

export type Channel = 'email' | 'sms'

export type Templates = Record<FyndEventName, Record<Channel, string | null>>

/** The document that a person may edit: settings and templates. */
export type SettingsDocument = ShopSettings & { templates: Templates }

export type SettingsStore = {
  read(): SettingsDocument
  /** Changes the document and writes it, at once. */
  update(change: (document: SettingsDocument) => void): void
}

/**
 * Opens the settings over a synchronous lowdb adapter; in memory without one. What `given` says wins over what the document says,
 * templates of the document are kept. Throws when the document is not understood.
 */
export function openSettings(
  given: ShopSettings,
  adapter: SyncAdapter<unknown> = new MemorySync<unknown>(),
): SettingsStore {
  const kept = keptShape.safeParse(adapter.read() ?? {})
  if (!kept.success) {
    throw new Error(`The settings document is not understood: ${kept.error.message}`)
  }
  const safetyStock = given.gofynd.safety_stock ?? kept.data.gofynd?.safety_stock ?? 0
  const document: SettingsDocument = {
    public_url: given.public_url.replace(/\/+$/, ''),
    gofynd: { ...given.gofynd, safety_stock: safetyStock },
    gateway: { ...given.gateway },
    templates: defaultTemplates(),
  }
  for (const event of fyndEvents) {
    document.templates[event] = { ...document.templates[event], ...kept.data.templates?.[event] }
  }
  const database = new LowSync<SettingsDocument>(adapter as SyncAdapter<SettingsDocument>, document)
  database.data = document
  database.write()
  return {
    read: () => database.data,
    update(change) {
      database.update(change)
    },
  }
}

/** Shows that a secret is there, and enough of a long one to tell two apart. */
export function mask(secret: string): string {
  if (secret === '') return ''
  return secret.length < 12 ? '********' : `********${secret.slice(-4)}`
}

/** True for a value that `mask` made: sending it back means "unchanged". */
export function isMasked(value: string): boolean {
  return value.startsWith('********')
}

/** Takes every secret out of a text that somebody may read. */
export function redact(settings: ShopSettings, text: string): string {
  const { affiliate_token, secret_key } = settings.gofynd
  const { key_secret, webhook_secret } = settings.gateway
  return [affiliate_token, secret_key, key_secret, webhook_secret]
    .filter((secret) => secret.length >= 4)
    .reduce((redacted, secret) => redacted.replaceAll(secret, '[secret]'), text)
}

const templateShape = z.object({ email: z.string().nullish(), sms: z.string().nullish() })

const keptShape = z.looseObject({
  gofynd: z.looseObject({ safety_stock: z.number().int().nonnegative().optional() }).optional(),
  templates: z
    .partialRecord(
      z.enum(fyndEvents),
      templateShape.transform(({ email, sms }) => ({
        ...(email !== undefined && { email }),
        ...(sms !== undefined && { sms }),
      })),
    )
    .optional(),
})

/** Which events mail and which send an SMS (fynd.md 6.1, kartify.md 8); null sends nothing. */
function defaultTemplates(): Templates {
  const mail = (text: string) => `Dear {name}, ${text} ({items}).`
  const none = { email: null, sms: null }
  return {
    ORDER_PLACED: { email: mail('we received your order {order}'), sms: null },
    BAG_CONFIRMED: { email: mail('your order {order} is confirmed'), sms: null },
    DELIVERY_PARTNER_ASSIGNED: { ...none },
    BAG_PICKED: { email: mail('your order {order} is dispatched'), sms: null },
    OUT_FOR_DELIVERY: {
      email: mail('your order {order} is out for delivery'),
      sms: 'Your order {order} is out for delivery.',
    },
    DELIVERY_DONE: { email: mail('your order {order} is delivered'), sms: null },
    CUSTOMER_CANCELLED: {
      email: mail('your order {order} is cancelled as you asked'),
      sms: 'Your order {order} is cancelled.',
    },
    FYND_CANCELLED: {
      email: mail('your order {order} is out of stock in the store and is cancelled'),
      sms: 'Your order {order} is out of stock and is cancelled.',
    },
    BAG_RETURN_INITIATED: {
      email: mail('the return of your order {order} is under way'),
      sms: 'The return of your order {order} is under way.',
    },
    OUT_FOR_PICKUP: { email: null, sms: 'We are on our way to pick up order {order}.' },
    RETURN_APPROVED: { email: mail('the return of your order {order} is approved'), sms: null },
    REFUND_INITIATED: { email: mail('the refund of your order {order} is initiated'), sms: null },
    RTO_BAG_IN_TRANSIT: { ...none },
    RTO_BAG_APPROVED: { ...none },
  }
}
