import type { VerifierOptions } from '@pact-foundation/pact-core'
import { unknownName } from '../../simulators/core/nearest.ts'
import type { OwnCatalogue } from '../../simulators/core/own-catalogue.ts'
import { partners } from '../../simulators/index.ts'
import { openSimulators, type Simulators } from '../../simulators/server.ts'
import { close, type Listening, listen } from '../provider/listen.ts'
import { proofFor } from '../provider/proofs.ts'
import { handleStates } from '../provider/provider-states.ts'
import { proveAndForward } from '../provider/signing-proxy.ts'
import { type Broker, isUrl, type Publication, readIndex } from './broker.ts'
import { CannotVerify, type Check, sayError } from './check.ts'
import { checkReport, type RefusedState } from './check-report.ts'
import { type Report, runVerifier } from './pact-verifier.ts'
import { type Pact, readPacts } from './pacts.ts'

export interface PactsWish {
  /** A pact file, a folder of them, or the URL of a Pact Broker. */
  from: string
  /** Providers by other names: the partner that each of them means. A partner's own name always means itself. */
  aliases: Readonly<Record<string, string>>
  /** Every pact is with this partner, whatever its provider is called; of a broker: only those with it. */
  partner?: string
  /** Sent instead of what the pact has. */
  headers: Readonly<Record<string, string>>
  /** Calls go out with the pact's own credentials, not with those of the world. */
  keepCredentials: boolean
  seed?: number
  catalogue?: OwnCatalogue
  /** How to get into the broker, and what of it is wanted. */
  broker: Broker
  /** Tells the broker how its pacts fared. */
  publish?: Publication
}

/**
 * Verifies pacts against simulators that it opens on loopback for itself, and closes. Throws `CannotVerify` where there is nothing to
 * hold a pact against.
 */
export async function verifyPacts(wish: PactsWish): Promise<Check[]> {
  const { seed, catalogue } = wish
  checkPartners(wish)
  const simulators = await openSimulators({
    port: 0,
    strict: true,
    ...(seed !== undefined && { seed }),
    ...(catalogue !== undefined && { catalogue }),
  })
  const stages = new Map<string, Promise<Stage>>()
  const stageOf = (partner: string) => {
    const stage = stages.get(partner) ?? openStage(simulators, partner, wish)
    stages.set(partner, stage)
    return stage
  }
  try {
    const known = simulators.house.partners.map(({ name }) => name)
    return isUrl(wish.from)
      ? await verifyBroker(wish, known, stageOf)
      : await verifyFiles(wish, known, stageOf)
  } finally {
    for (const stage of stages.values()) await Promise.all((await stage).open.map(close))
    await simulators.close()
  }
}

function checkPartners({ aliases, partner }: PactsWish): void {
  const known = partners.map(({ name }) => name)
  const meant = [...Object.values(aliases), ...(partner === undefined ? [] : [partner])]
  const unknown = meant.find((name) => !known.includes(name))
  if (unknown !== undefined) throw new CannotVerify(unknownName('partner', unknown, known))
}

/** What stands before a partner while its pacts are verified. */
interface Stage {
  options: Pick<VerifierOptions, 'providerBaseUrl' | 'providerStatesSetupUrl' | 'logLevel'>
  refused: RefusedState[]
  open: Listening[]
}

type StageOf = (partner: string) => Promise<Stage>

async function openStage(
  { house, ports }: Simulators,
  partner: string,
  { headers, keepCredentials }: PactsWish,
): Promise<Stage> {
  const { world } = house.get('default')
  const url = `http://127.0.0.1:${ports[partner]}`
  const refused: RefusedState[] = []
  const states = await listen(
    handleStates(world, partner, (state, why) => refused.push({ state, why })),
  )
  const prove = proofFor(partner, url, world.credentials(partner), Date.now)
  const proxy = await listen(
    proveAndForward(url, async (call) => ({
      ...(keepCredentials ? {} : await prove(call)),
      ...headers,
    })),
  )
  return {
    options: { providerBaseUrl: proxy.url, providerStatesSetupUrl: states.url, logLevel: 'error' },
    refused,
    open: [states, proxy],
  }
}

async function verifyFiles(
  wish: PactsWish,
  known: readonly string[],
  stageOf: StageOf,
): Promise<Check[]> {
  const pacts = readPacts(wish.from)
  const partnerOf = ({ provider }: Pact) =>
    wish.partner ?? wish.aliases[provider] ?? known.find((name) => name === provider)
  const [first] = pacts
  if (first && pacts.every((pact) => partnerOf(pact) === undefined)) {
    throw new CannotVerify(`${first.file}: ${strange(first.provider, known)}`)
  }
  const checks: Check[] = []
  for (const pact of pacts) {
    const partner = partnerOf(pact)
    const group = `${pact.consumer} → ${pact.provider} (${pact.file})`
    if (partner === undefined) {
      const notes = [strange(pact.provider, known)]
      checks.push({ group, name: 'the pact', outcome: 'skipped', notes, wallMs: 0 })
      continue
    }
    const { options, refused } = await stageOf(partner)
    const report = await runVerifier({ ...options, provider: pact.provider, pactUrls: [pact.file] })
    checks.push(...checkReport(group, report, refused.splice(0), pact.interactions))
  }
  return checks
}

const strange = (provider: string, known: readonly string[]) =>
  `The provider "${provider}" is no partner. Known: ${known.join(', ')}. Say whom you mean: --partner "${provider}=${known[0]}"`

async function verifyBroker(
  { from, broker, aliases, partner, publish }: PactsWish,
  known: readonly string[],
  stageOf: StageOf,
): Promise<Check[]> {
  const providers = [...known.map((name) => [name, name] as const), ...Object.entries(aliases)]
  const refusal = await readIndex(from, broker.login).then(() => undefined, sayError)
  if (refusal !== undefined) {
    return [{ group: from, name: 'the broker', outcome: 'red', notes: [refusal], wallMs: 0 }]
  }
  const checks: Check[] = []
  for (const [provider, meant] of providers) {
    if (partner !== undefined && meant !== partner) continue
    const { options, refused } = await stageOf(meant)
    const report = await runVerifier({
      ...options,
      provider,
      pactBrokerUrl: from,
      ...broker.login,
      consumerVersionSelectors: [...broker.selectors],
      enablePending: broker.pending,
      failIfNoPactsFound: true,
      ...(publish && {
        publishVerificationResult: true,
        providerVersion: publish.version,
        providerVersionTags: [...publish.tags],
        ...(publish.branch !== undefined && { providerVersionBranch: publish.branch }),
        ...(publish.buildUrl !== undefined && { buildUrl: publish.buildUrl }),
      }),
    })
    const group = `${provider} (${from})`
    if (hasNoPact(report)) {
      const notes = ['The broker has no pact with it that is wanted.']
      checks.push({ group, name: 'the pacts', outcome: 'skipped', notes, wallMs: 0 })
    } else checks.push(...checkReport(group, report, refused.splice(0)))
  }
  return checks
}

/** Not every partner has a consumer; that the broker cannot be asked is another thing, and red. */
const hasNoPact = ({ interactionResults = [], errors = [] }: Report): boolean =>
  interactionResults.length === 0 &&
  errors.length > 0 &&
  errors.every(({ mismatch }) => mismatch?.message?.startsWith('No pacts found') === true)
