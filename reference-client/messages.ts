import type { Address } from './model.ts'
import { isoTime, type OrderRow } from './orders.ts'
import { ShopRefusal } from './refusal.ts'
import type { Channel } from './settings.ts'
import type { Site } from './site.ts'

type MessageRow = {
  number: number
  channel: Channel
  at: number
  order_id: string
  event: string
  event_id: string
  recipient: string
  text: string
}

const channels: Channel[] = ['email', 'sms']

/** Writes the mail and the SMS that a template asks for, in the transaction of the event itself (kartify.md 8). */
export function writeMessages(
  site: Site,
  order: OrderRow,
  event: { name: string; id: string; status: string; skus: string[] },
) {
  const address: Address = JSON.parse(order.address)
  const templates = templatesOf(site, event.name)
  if (templates === undefined) return
  for (const channel of channels) {
    const template = templates[channel]
    if (template == null) continue
    site.storage.run(
      `INSERT INTO messages (channel, at, order_id, event, event_id, recipient, text) VALUES (?, ?, ?, ?, ?, ?, ?)`,
      channel,
      site.nowMs(),
      order.id,
      event.name,
      event.id,
      channel === 'email' ? address.email : address.mobile,
      fillIn(template, {
        order: order.id,
        status: event.status,
        items: event.skus.join(', '),
        name: address.first_name,
      }),
    )
  }
}

/** The mail or SMS log, oldest first; `search` is a number for SMS, an order for mails. */
export function readMessages(
  site: Site,
  channel: Channel,
  search: string | undefined,
  max: number,
) {
  const column = channel === 'sms' ? 'recipient' : 'order_id'
  const rows = site.storage.all<MessageRow>(
    `SELECT * FROM messages WHERE channel = ? AND (? IS NULL OR ${column} = ?) ORDER BY number DESC LIMIT ?`,
    channel,
    search ?? null,
    search ?? null,
    max,
  )
  return rows.reverse().map((row) => ({
    id: String(row.number),
    at: isoTime(row.at),
    order_id: row.order_id,
    event: row.event,
    event_id: row.event_id,
    to: row.recipient,
    text: row.text,
  }))
}

/** Sets one template; null sends nothing. */
export function setTemplate(site: Site, event: string, channel: Channel, template: string | null) {
  const templates = templatesOf(site, event)
  if (templates === undefined) {
    const known = Object.keys(site.settings.read().templates).join(', ')
    throw new ShopRefusal(400, 'unknown-event', `Unknown event "${event}". Known: ${known}.`)
  }
  site.settings.update((document) => {
    document.templates[event] = { ...templates, [channel]: template }
  })
  return { event, channel, template }
}

function templatesOf(site: Site, event: string) {
  const { templates } = site.settings.read()
  return Object.hasOwn(templates, event) ? templates[event] : undefined
}

/** One pass, so that a value with braces in it is not filled in again. */
function fillIn(template: string, values: { [name: string]: string }): string {
  return template.replaceAll(/\{(order|status|items|name)\}/g, (_, name) => values[name] ?? '')
}
