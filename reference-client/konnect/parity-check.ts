import type { Listing } from '../partners/konnect-shapes.ts'
import { type Access, company } from '../partners/konnect-token.ts'
import type { Visit } from '../site.ts'
import { pollOrders } from './order-poll.ts'
import type { SellerSite } from './seller-site.ts'
import { markPrice, markStock, readPrices, readStock } from './seller-stock.ts'

export type ParityReport = {
  listing_count: number
  listed: number
  count_agrees: boolean
  differing: { location: string; sku: string; field: string; ours: number; theirs: number }[]
  missing: { location: string; sku: string }[]
}

const pagesMax = 2_000

/**
 * Compares what Konnect lists with what the warehouse knows, and the number of listings with Konnect's own count. What differs is
 * pushed again by the next run of the push; a count that does not agree says that pages were lost on the way.
 */
export async function checkParity(site: SellerSite, visit: Visit): Promise<ParityReport> {
  // What was ordered since the last poll is no difference.
  await pollOrders(site, visit)
  const rows = new Map<string, Listing>()
  const skus = new Set<string>()
  let listingCount = 0
  for (const access of accesses(site)) {
    const count = await site.persist('listings-count', visit.trace, (context) =>
      site.konnect.listingCount(access, context),
    )
    // The count is the company's, whoever asks.
    listingCount = Math.max(listingCount, count)
    await walkListings(site, visit, access, (row) => {
      rows.set(`${row.location_id ?? access}\n${row.sku}`, row)
      skus.add(row.sku)
    })
  }
  const { differing, missing } = compare(site, rows)
  site.storage.transaction('parity-checked', () => {
    for (const { location, sku, field } of differing) {
      if (field === 'quantity') markStock(site, location, [sku])
      else markPrice(site, location, sku)
    }
  })
  return {
    listing_count: listingCount,
    listed: rows.size,
    // Whether a listing is an SKU or an SKU in a store is not said: either makes the count right.
    count_agrees: listingCount === skus.size || listingCount === rows.size,
    differing,
    missing,
  }
}

function accesses(site: SellerSite): Access[] {
  const { access, locations } = site.settings.read().konnect
  return access === 'company' ? [company] : locations.map(({ code }) => code)
}

/** No total and no marker: the list ends at a page that has nothing new. */
async function walkListings(
  site: SellerSite,
  visit: Visit,
  access: Access,
  take: (row: Listing) => void,
) {
  const met = new Set<string>()
  for (let page = 1, stalePages = 0; stalePages < 2; page += 1) {
    if (page > pagesMax) throw new Error(`More than ${pagesMax} pages of listings.`)
    const { data } = await site.persist(`listings/${access}/${page}`, visit.trace, (context) =>
      site.konnect.listings(page, access, context),
    )
    if (data.length === 0) return
    const before = met.size
    for (const row of data) {
      met.add(`${row.location_id}\n${row.sku}`)
      take(row)
    }
    stalePages = met.size === before ? stalePages + 1 : 0
  }
}

function compare(site: SellerSite, rows: Map<string, Listing>) {
  const differing: ParityReport['differing'] = []
  const missing: ParityReport['missing'] = []
  const look = (
    { location, sku }: { location: string; sku: string },
    fields: (row: Listing) => [string, number, number | null | undefined][],
  ) => {
    const row = rows.get(`${location}\n${sku}`)
    if (row === undefined) {
      if (!missing.some((one) => one.location === location && one.sku === sku)) {
        missing.push({ location, sku })
      }
      return
    }
    for (const [field, ours, theirs] of fields(row)) {
      if (theirs != null && theirs !== ours) differing.push({ location, sku, field, ours, theirs })
    }
  }
  for (const item of readStock(site).items) {
    look(item, (row) => [['quantity', item.quantity, row.quantity]])
  }
  for (const item of readPrices(site).items) {
    look(item, (row) => [
      ['esp_minor', item.esp_minor, minor(row.esp)],
      ['mrp_minor', item.mrp_minor, minor(row.mrp)],
    ])
  }
  return { differing, missing }
}

function minor(amount: number | null | undefined): number | undefined {
  return amount == null ? undefined : Math.round(amount * 100)
}
