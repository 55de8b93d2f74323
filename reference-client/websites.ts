import type { Hono } from 'hono'
import { openArvindSite } from './arvind-site.ts'
import { openFyndSite } from './fynd-site.ts'
import type { Cron } from './jobs.ts'
import type { Outbox } from './outbox.ts'
import type { ShopEnv } from './routes/door.ts'
import type { Site, SiteBase } from './site.ts'

/** What a partner makes of a website: its own calls that must happen, crons and routes. */
export type Website = {
  site: Site
  outbox: Outbox
  crons: Cron[]
  routes: Hono<ShopEnv>
}

/** The partners that a website can have, one line each. */
export const websites = {
  fynd: openFyndSite,
  arvind: openArvindSite,
} satisfies { [partner: string]: (base: SiteBase) => Website }

export type SiteName = keyof typeof websites
