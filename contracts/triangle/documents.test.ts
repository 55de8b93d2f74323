import { readFileSync } from 'node:fs'
import { load } from 'js-yaml'
import { expect, it } from 'vitest'
import { partners } from '../../simulators/index.ts'
import { listPacts, openDocument, openDocuments, readPact } from './documents.ts'

/** What no client of ours calls: pages for people, and reads that the shop has no use for. */
const uncalled = ['getOrderDetails', 'getPayment', 'showPayPage', 'pressPayPage']

it.each(openDocuments())(
  'the pact with $partner speaks the language of its document',
  (document) => {
    const faults = readPact(document.partner).flatMap((each) => document.faultsOf(each))
    expect(faults).toEqual([])
  },
)

it.each(openDocuments())(
  'every operation of $partner that is called has an interaction',
  (document) => {
    const covered = new Set(
      readPact(document.partner).map(({ request }) => document.operationOf(request)?.id),
    )
    const bare = document.operations.map(({ id }) => id).filter((id) => !covered.has(id))
    expect(bare.filter((id) => !uncalled.includes(id))).toEqual([])
  },
)

it('holds at least 80 interactions, and no pact is empty', () => {
  const pacts = listPacts()
  const total = pacts.reduce((sum, { interactions }) => sum + interactions, 0)
  expect(total).toBeGreaterThanOrEqual(80)
  expect(pacts.filter(({ interactions }) => interactions === 0)).toEqual([])
})

it('a document that renames a query parameter is caught', () => {
  const wire = partners.find(({ name }) => name === 'fynd')?.wire ?? ''
  const text = readFileSync(wire, 'utf8').replaceAll('name: timestamp', 'name: since')
  const document = openDocument('fynd', load(text) as Record<string, unknown>)
  const faults = readPact('fynd').flatMap((each) => document.faultsOf(each))
  expect(faults).toContain('the SKUs that changed: listInventoryChanges does not ask for timestamp')
  expect(faults).toContain('the SKUs that changed: listInventoryChanges wants since')
})

it.each(['fynd_order_id', 'listing_count', 'returnId', 'refund_id'])(
  'a document that renames %s is caught',
  (field) => {
    const faults = partners.flatMap(({ name, wire }) => {
      const text = readFileSync(wire, 'utf8').replaceAll(field, `${field}_renamed`)
      const document = openDocument(name, load(text) as Record<string, unknown>)
      return readPact(name).flatMap((each) => document.faultsOf(each))
    })
    expect(faults.join()).toContain(field)
  },
)
