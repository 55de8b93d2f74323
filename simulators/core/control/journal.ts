import { z } from 'zod'
import { type JournalEntry, journalKinds } from '../journal.ts'
import { unknownName } from '../nearest.ts'
import { ControlError } from './control-error.ts'
import type { ControlRoutes } from './control-routes.ts'
import { limit, readQuery, wait } from './fields.ts'
import { render } from './render.ts'
import { waitUntil } from './wait-until.ts'

const query = z.strictObject({
  after: z.coerce.number().int().min(0).default(0),
  kind: z.string().optional(),
  limit,
  wait,
})

export function journalRoutes({ app, house, wall }: ControlRoutes): void {
  app.get('/_sim/worlds/:world/journal', async (c) => {
    const { world } = house.get(c.req.param('world'))
    const wish = readQuery(query, c.req.query())
    const kind = wish.kind?.split(',')
    refuseKinds(kind)
    const read = () =>
      world.journal({ after: wish.after, limit: wish.limit, ...(kind ? { kind } : {}) })
    let entries = read()
    if (entries.length === 0 && wish.wait > 0) {
      await waitUntil(
        () => {
          entries = read()
          return entries.length > 0
        },
        wish.wait,
        wall,
        c.req.raw.signal,
      )
    }
    const last = entries.at(-1)?.seq
    return render({
      entries: entries.map(showEntry),
      // Give it as `after` to go on. Without entries all up to now has been read.
      next_after: last ?? Math.max(wish.after, world.seq),
      has_more: entries.length === wish.limit && last !== world.seq,
    })
  })
}

/** A kind that no entry has would show nothing, and a wait for it would never end. */
function refuseKinds(kinds: readonly string[] = []): void {
  const known: readonly string[] = journalKinds
  const strange = kinds.find((kind) => !known.includes(kind))
  if (strange === undefined) return
  const shown = strange.slice(0, 100)
  const message = unknownName('kind of entry', shown, known)
  throw new ControlError(400, 'bad-input', message, { known })
}

export const showEntry = ({ seq, atMs, kind, cause, data }: JournalEntry) => ({
  seq,
  at: new Date(atMs).toISOString(),
  kind,
  cause: cause ?? null,
  data,
})
