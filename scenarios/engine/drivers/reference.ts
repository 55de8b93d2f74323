import type { Catalogue } from '../../../reference-client/index.ts'
import { arvindSite } from './arvind-site.ts'
import { type Driver, type Outcome, ShopRefused, type ShopSession, type Stage } from './driver.ts'
import { fyndSite } from './fynd-site.ts'
import { konnectSite } from './konnect-site.ts'
import { type Hands, type ReferenceSite, wordsOf } from './reference-site.ts'
import { createShopSurface, type ShopSurface } from './shop-surface.ts'

/** The sites of the reference client, one line each. */
const sites: readonly ReferenceSite[] = [fyndSite, arvindSite, konnectSite]

/**
 * Plays the reference client in-process on the virtual clock: only requests to its HTTP surface, which every shop could offer. It sells
 * `catalogue` instead of its usual range.
 */
export const createReferenceDriver = (catalogue?: Catalogue): Driver => ({
  name: 'reference',
  sites: sites.map(({ name }) => name),
  // The shop and the world share one clock here.
  has: ['shop-clock'],
  byPerson: false,
  ...wordsOf(sites),
  open(stage) {
    const site = sites.find(({ name }) => name === stage.site)
    if (!site) throw new Error(`There is no site "${stage.site}".`)
    return openSite(site, stage, catalogue)
  },
})

export const referenceDriver: Driver = createReferenceDriver()

function openSite(
  site: ReferenceSite,
  stage: Stage,
  catalogue: Catalogue | undefined,
): ShopSession {
  const { origin } = site
  const shop = site.open(stage, catalogue)
  const surface = createShopSurface(stage.ports, origin)
  const hands: Hands = { shop: surface, stage }
  const own = <Kind>(words: Record<string, Kind>, name: string): Kind => {
    const word = words[name]
    if (word) return word
    throw new Error(
      `The site ${site.name} has no "${name}". It has: ${Object.keys(words).join(', ')}.`,
    )
  }
  return {
    receivers: { [origin]: (request) => shop.fetch(request) },
    start: async () => shop.start(),
    perform: async (name, input) => {
      const action = own(site.actions, name)
      return shown(surface, name, action.perform(hands, action.input.parse(input)))
    },
    things: Object.keys(site.things),
    look: (thing) => own(site.things, thing).read(surface),
    jobs: site.jobs,
    runJob: (job) => runJob(surface, stage.ports, site.jobPath(job)),
    refundList: () => site.refundList(surface),
    refund: (orderId) => site.refund(surface, orderId),
    view: () => site.view(surface),
    close: () => shop.close(),
  }
}

/** What the shop answers is there to look at, a refusal, too: an operator has no page of his own as a customer has. */
async function shown(surface: ShopSurface, name: string, work: Promise<Outcome>): Promise<Outcome> {
  try {
    const outcome = await work
    surface.show({ action: name, ...outcome })
    return outcome
  } catch (error) {
    if (error instanceof ShopRefused) surface.show({ action: name, ...error.outcome })
    throw error
  }
}

const roundsMax = 600

/** A job that a cron is running already is waited for: what counts is what the next whole run finds. */
async function runJob(shop: ShopSurface, ports: Stage['ports'], path: string): Promise<void> {
  for (let round = 1; ; round += 1) {
    try {
      await shop.operate('POST', path)
      return
    } catch (error) {
      const isRunning = error instanceof ShopRefused && error.outcome.skipped === true
      if (!isRunning || round >= roundsMax) throw error
    }
    await ports.clock.sleep(1_000)
  }
}
