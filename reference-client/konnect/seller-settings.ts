import { LowSync, MemorySync, type SyncAdapter } from 'lowdb'
import { z } from 'zod'

/** The seller's account at Konnect (konnect.md 1.3 and 1.4). */
export type KonnectSettings = {
  api_url: string
  /** `location`: every store has credentials of its own, and its token sees only that store. */
  access: 'company' | 'location'
  username: string
  password: string
  locations: { code: string; username?: string; password?: string }[]
  /** How long a token is believed to live when the answer does not say. */
  token_lifetime_s?: number
}

export type SellerSettings = {
  /** Where the world reaches this seller, without a trailing slash. */
  public_url: string
  konnect: KonnectSettings
}

export type SellerSettingsStore = {
  read(): SellerSettings & { konnect: Required<KonnectSettings> }
  update(change: (konnect: KonnectSettings) => void): void
}

const text = z.string().max(500)

const locationShape = z
  .strictObject({
    code: z.string().trim().min(1).max(100),
    username: text.optional(),
    password: text.optional(),
  })
  .transform(({ code, username, password }) => ({
    code,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
  }))

const locationsShape = z
  .array(locationShape)
  .min(1)
  .max(1_000)
  .refine(
    (list) => new Set(list.map(({ code }) => code)).size === list.length,
    'a code stands twice',
  )

/** What `PUT /admin/settings/konnect` may change. */
export const konnectSettingsShape = z.strictObject({
  api_url: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .optional(),
  access: z.enum(['company', 'location']).optional(),
  username: text.optional(),
  password: text.optional(),
  locations: locationsShape.optional(),
  token_lifetime_s: z.int().min(1).max(31_536_000).optional(),
})

/**
 * Opens the seller's settings over a synchronous lowdb adapter; in memory without one. What `given` says wins over the document.
 * Throws when the account cannot work: no locations, or one without credentials where access is by location.
 */
export function openSellerSettings(
  given: SellerSettings,
  adapter: SyncAdapter<unknown> = new MemorySync<unknown>(),
): SellerSettingsStore {
  const document = {
    public_url: given.public_url.replace(/\/+$/, ''),
    konnect: { token_lifetime_s: 3_600, ...given.konnect },
  }
  checkAccount(document.konnect)
  const database = new LowSync<typeof document>(adapter as SyncAdapter<typeof document>, document)
  database.data = document
  database.write()
  return {
    read: () => database.data,
    update(change) {
      const changed = structuredClone(database.data.konnect)
      change(changed)
      checkAccount(changed)
      database.update((kept) => {
        kept.konnect = changed
      })
    },
  }
}

/** Says what is wrong with an account. Throws an `Error` whose message can be shown. */
function checkAccount(konnect: KonnectSettings) {
  const locations = locationsShape.safeParse(konnect.locations)
  if (!locations.success) {
    throw new Error(`The Konnect locations are not understood: ${locations.error.message}`)
  }
  if (konnect.access === 'company') return
  const bare = konnect.locations.find(({ username, password }) => !username || !password)
  if (bare !== undefined) {
    throw new Error(`Access is by location, and ${bare.code} has no username and password.`)
  }
}

/** Takes the account's secrets out of a text that somebody may read; the token call carries them in its query. */
export function redactKonnect(konnect: KonnectSettings, content: string): string {
  const secrets = [konnect.password, ...konnect.locations.map(({ password }) => password ?? '')]
  return secrets
    .filter((secret) => secret.length >= 4)
    .flatMap((secret) => [secret, encodeURIComponent(secret)])
    .reduce((redacted, secret) => redacted.replaceAll(secret, '[secret]'), content)
}
