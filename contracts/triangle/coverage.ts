import type { Document, Interaction } from './documents.ts'

/** By partner and operation: how often the client called it. */
export type Called = Record<string, Record<string, number>>

/** Operations that the client called and that have no interaction, `partner operation`; a partner without a document counts, too. */
export function calledWithoutInteraction(
  called: Called,
  documents: readonly Document[],
  pactOf: (partner: string) => readonly Interaction[],
): string[] {
  return Object.entries(called).flatMap(([partner, counts]) => {
    const document = documents.find((each) => each.partner === partner)
    const covered = document ? coveredOperations(document, pactOf(partner)) : new Set<string>()
    return Object.keys(counts)
      .filter((operation) => !covered.has(operation))
      .map((operation) => `${partner} ${operation}`)
  })
}

/** Operations with at least one interaction. */
export function coveredOperations(
  document: Document,
  pact: readonly Interaction[],
): ReadonlySet<string> {
  return new Set(pact.flatMap(({ request }) => document.operationOf(request)?.id ?? []))
}
