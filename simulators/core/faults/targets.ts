import { readFileSync } from 'node:fs'
import type { Partner } from '../partner.ts'
import { type CarriedBy, createCarriedBy } from './carried-keys.ts'
import type { FaultTargets } from './spec.ts'

/** What faults can be put on. Operation ids stand in the table of handlers, which the document is held against. */
export const targetsOf = (partners: readonly Partner[]): Record<string, FaultTargets> =>
  Object.fromEntries(
    partners.map(({ name, operations, webhooks, batches, wire }) => [
      name,
      {
        operations: Object.keys(operations),
        events: webhooks.events,
        channels: Object.keys(webhooks.channels),
        carried: carriedBy(wire),
        ...(webhooks.names && { names: webhooks.names }),
        ...(batches && { batches }),
      },
    ]),
  )

const documents = new Map<string, CarriedBy>()

/** All worlds share it. */
function carriedBy(wire: URL): CarriedBy {
  const known = documents.get(wire.href) ?? createCarriedBy(() => readFileSync(wire, 'utf8'))
  documents.set(wire.href, known)
  return known
}
