import type { PartnerProfile } from './partner-profile.ts'

/** Who is measured: what the partner bears while k6 plays the client, or what a shop bears while k6 plays the world around it. */
export type Subject = 'partner' | 'shop'

export type Site = 'fynd' | 'arvind' | 'konnect'

/** Base URL and made-up credentials, as the control plane shows them. */
export interface Account {
  base_url: string
  credentials: Record<string, string>
}

/** All that a k6 script must know of its run. The runner hands it over as JSON in the environment variable LOAD. */
export interface LoadRun {
  question: string
  subject: Subject
  profile: string
  /** In place of the question's own. */
  ratePerSecond?: number
  durationSeconds?: number
  /** Where the control plane listens; none: a sandbox, of which only the partner's own API is there. */
  control?: string
  token?: string
  world: string
  accounts: Record<string, Account>
  /** With whom the run deals: one scenario each where the question has several. */
  sites: Site[]
  /** Subject `shop`: where each site listens. */
  shops: Partial<Record<Site, string>>
  /** The reference shop, opened for this run alone: what it sells may be changed. */
  isShopOurs: boolean
  /** What the partners' answers are held back or refused by. */
  partner?: PartnerProfile
  /** Faults besides, as the control plane takes them. */
  faults: object[]
  /** That stock is synced of; the partner knows them, and the shop when it is the subject. */
  skus: string[]
  /** Where the summary goes. */
  summaryFile: string
}

/** What there is to ask, and which sites each question knows, by subject. */
export const questions: Record<string, { about: string; sites: Record<Subject, Site[]> }> = {
  checkout: {
    about: 'Do checkouts go through at speed, and is every acknowledged order there afterwards?',
    sites: { partner: ['fynd'], shop: ['fynd'] },
  },
  'inventory-sync': {
    about: 'How many SKUs a second are synced, and how late is the last one?',
    sites: { partner: ['fynd', 'konnect', 'arvind'], shop: ['fynd', 'konnect', 'arvind'] },
  },
  'webhook-storm': {
    about: 'How long from an event to its settled delivery, when orders are advanced in bulk?',
    sites: { partner: ['fynd', 'konnect', 'arvind'], shop: ['fynd'] },
  },
}

/** The names of the control plane's filler SKUs (`size: { skus }`), after the fixed ones. */
export const fillerSkus = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `ITEM-${String(index + 1).padStart(6, '0')}-M`)
