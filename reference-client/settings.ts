import { LowSync, MemorySync, type SyncAdapter } from 'lowdb'
import { z } from 'zod'
import type { FyndTimestamps } from './fynd-times.ts'
import type { FyndEventName } from './partners/fynd.ts'

/** The Gofynd API section (kartify.md 2). */
export type GofyndSettings = {
  api_url: string
  affiliate_id: string
  affiliate_token: string
  secret_key: string
  safety_stock?: number
  /** Changed SKUs asked for at once, 1 to 500; 100 unless given. */
  page_size?: number
  /** What FYND's order times mean: Indian local time labelled UTC unless told otherwise. */
  timestamps?: FyndTimestamps
  /** Whether FYND is told that money went back (F8, optional): yes unless told otherwise. */
  report_refunds?: boolean
}

/** The module Arvind Internet (arvind.md 2): username and password are given to the partner, the rest is given by it. */
export type ArvindSettings = {
  status?: 'enabled' | 'disabled'
  username: string
  password: string
  auth_token: string
  channel_id: string
  warehouse_id: string
  api_url: string
  ordering_store_id: string
}

/** What the operator types in: the section of the website's one partner, and the gateway's account. */
export type ShopSettings = {
  /** Where the world reaches this website, without a trailing slash. */
  public_url: string
  /** Where the servers of the partners reach it, when that is not where a browser does (in Compose). */
  service_url?: string
  gofynd?: GofyndSettings
  arvind?: ArvindSettings
  gateway: { url: string; key_id: string; key_secret: string; webhook_secret: string }
}

/** Behaviours that no source documents: each has a name and a default (kartify.md 4, 8, 9; arvind.md 2 to 5). */
export type ShopSwitches = {
  /** What a COD order becomes when the partner cannot take it: default `stay_missing`. */
  on_order_placed_error: 'stay_missing' | 'processing'
  /** What the cart does when the partner gives no stock answer: default `block`. */
  on_stock_error: 'block' | 'allow'
  /** Whether the safety stock counts in the cart, too: default true. */
  apply_on_cart: boolean
  /** `naive` applies every delivery of an event and mails again, to show the bug: default `once`. */
  webhook_events: 'once' | 'naive'
  /** Arvind: what the checkout does when the partner gives no answer on serviceability: default `block`. */
  on_serviceability_error: 'block' | 'allow'
  /** Arvind: whether the cart looks at the stock that was pushed: default `own`. */
  cart_stock: 'own' | 'unchecked'
  /** Arvind: which time of an order the push window counts from: default `created`. */
  window_basis: 'created' | 'modified' | 'status_changed'
  /** Arvind: what an order becomes that the partner says it has already: default `processed`. */
  on_duplicate_order: 'processed' | 'processing'
  /** Arvind: where update inventory carries username and password: default `basic`. */
  inventory_auth: 'basic' | 'body'
  /** Arvind: how the status webhook proves itself: by them, too, by the password in `x-arvind-secret`, or not: default `basic`. */
  webhook_auth: 'basic' | 'shared_header' | 'none'
}

export const defaultSwitches: ShopSwitches = {
  on_order_placed_error: 'stay_missing',
  on_stock_error: 'block',
  apply_on_cart: true,
  webhook_events: 'once',
  on_serviceability_error: 'block',
  cart_stock: 'own',
  window_basis: 'created',
  on_duplicate_order: 'processed',
  inventory_auth: 'basic',
  webhook_auth: 'basic',
}

export type Channel = 'email' | 'sms'

/** By the partner's word for the event. */
export type Templates = { [event: string]: Record<Channel, string | null> }

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
  const { gofynd, arvind } = given
  const document: SettingsDocument = {
    public_url: given.public_url.replace(/\/+$/, ''),
    ...(given.service_url !== undefined && { service_url: given.service_url.replace(/\/+$/, '') }),
    ...(gofynd !== undefined && {
      gofynd: { safety_stock: 0, ...kept.data.gofynd, ...gofynd },
    }),
    ...(arvind !== undefined && { arvind: { ...arvind, status: arvind.status ?? 'enabled' } }),
    gateway: { ...given.gateway },
    templates: {
      ...(arvind !== undefined && arvindTemplates()),
      ...(gofynd !== undefined && fyndTemplates()),
    },
  }
  for (const [event, template] of Object.entries(document.templates)) {
    document.templates[event] = { ...template, ...kept.data.templates?.[event] }
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

/** The Gofynd API section. Throws when this website has none. */
export function gofyndOf(settings: SettingsStore): GofyndSettings {
  const { gofynd } = settings.read()
  if (gofynd === undefined) throw new Error('The settings have no section "gofynd".')
  return gofynd
}

/** The module Arvind Internet. Throws when this website has none. */
export function arvindOf(settings: SettingsStore): ArvindSettings {
  const { arvind } = settings.read()
  if (arvind === undefined) throw new Error('The settings have no section "arvind".')
  return arvind
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
  const { gofynd, arvind, gateway } = settings
  return [
    gofynd?.affiliate_token,
    gofynd?.secret_key,
    arvind?.auth_token,
    arvind?.password,
    gateway.key_secret,
    gateway.webhook_secret,
  ]
    .filter((secret): secret is string => secret !== undefined && secret.length >= 4)
    .reduce((redacted, secret) => redacted.replaceAll(secret, '[secret]'), text)
}

const templateShape = z.object({ email: z.string().nullish(), sms: z.string().nullish() })

const keptShape = z.looseObject({
  // What no environment says: the rest of the section is given at every start.
  gofynd: z
    .object({
      safety_stock: z.number().int().nonnegative().optional(),
      page_size: z.number().int().min(1).max(500).optional(),
      timestamps: z.enum(['ist_labelled_utc', 'true_utc']).optional(),
      report_refunds: z.boolean().optional(),
    })
    .transform(defined)
    .optional(),
  templates: z
    .record(
      z.string(),
      templateShape.transform(({ email, sms }) => ({
        ...(email !== undefined && { email }),
        ...(sms !== undefined && { sms }),
      })),
    )
    .optional(),
})

/** Without what is undefined. */
function defined<T extends object>(value: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  const entries = Object.entries(value).filter(([, each]) => each !== undefined)
  return Object.fromEntries(entries) as { [Key in keyof T]: Exclude<T[Key], undefined> }
}

const mail = (text: string) => `Dear {name}, ${text} ({items}).`
const none = { email: null, sms: null }

/** Which events mail and which send an SMS (fynd.md 6.1, kartify.md 8); null sends nothing. */
function fyndTemplates(): Record<FyndEventName, Record<Channel, string | null>> {
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

/** The same texts by the status words of arvind.md 4.2 (kartify.md 8: "same templates by status"). */
function arvindTemplates(): Templates {
  const fynd = fyndTemplates()
  return {
    INVOICED: fynd.BAG_CONFIRMED,
    PACKED: { ...none },
    SHIPPED: fynd.BAG_PICKED,
    OUT_FOR_DELIVERY: fynd.OUT_FOR_DELIVERY,
    DELIVERED: fynd.DELIVERY_DONE,
    CANCELLED: fynd.CUSTOMER_CANCELLED,
    UNFULFILLED: fynd.FYND_CANCELLED,
    UNDELIVERED: { ...none },
    RTO_INITIATED: fynd.RTO_BAG_IN_TRANSIT,
    RTO_RECEIVED: fynd.RTO_BAG_APPROVED,
    RETURN_REQUESTED: fynd.BAG_RETURN_INITIATED,
    RETURN_PICKED: { ...none },
    RETURN_RECEIVED: fynd.RETURN_APPROVED,
    RETURN_QC_FAILED: {
      email: mail('what you sent back from order {order} did not pass our check'),
      sms: null,
    },
    REFUND_INITIATED: fynd.REFUND_INITIATED,
    REFUNDED: { ...none },
  }
}
