import { readFileSync } from 'node:fs'
import { load } from 'js-yaml'
import { expect, it } from 'vitest'
import { partners } from '../../simulators/index.ts'
import { openDocument, openDocuments, readWebhookPact } from './documents.ts'

/** Without an interaction, and why. */
const untold: Record<string, string[]> = {
  // A person presses a button for it.
  fynd: ['ping'],
  // Acts that send what no partner should.
  arvind: ['malformed-update-inventory', 'unlisted-status'],
}

it.each(openDocuments())(
  'what $partner tells is what its document says of its webhooks',
  (document) => {
    const told = readWebhookPact(document.partner)
    expect(told.flatMap((each) => document.faultsOfWebhook(each))).toEqual([])
    const events = [...told.map(({ event }) => event), ...(untold[document.partner] ?? [])]
    expect(events.sort()).toEqual([...document.events].sort())
  },
)

const fields = [
  ['fynd', 'affiliate_bag_id'],
  ['arvind', 'itemReference'],
  ['konnect', 'orderStatus'],
  ['payment-gateway', 'merchant_order_id'],
] as const

it.each(fields)('a partner (%s) that renames %s in what it tells is caught', (name, field) => {
  const document = openDocuments().find(({ partner }) => partner === name)
  const faults = readWebhookPact(name).flatMap((each) => {
    const text = JSON.stringify(each.body).replaceAll(`"${field}"`, `"${field}_renamed"`)
    return document?.faultsOfWebhook({ ...each, body: JSON.parse(text) }) ?? []
  })
  expect(faults.join()).toContain(`${field}_renamed`)
})

it.each(fields)('a document of %s that renames %s in a webhook is caught', (name, field) => {
  const wire = partners.find((partner) => partner.name === name)?.wire ?? ''
  const text = readFileSync(wire, 'utf8').replaceAll(field, `${field}_renamed`)
  const document = openDocument(name, load(text) as Record<string, unknown>)
  const faults = readWebhookPact(name).flatMap((each) => document.faultsOfWebhook(each))
  expect(faults.join()).toContain(field)
})
