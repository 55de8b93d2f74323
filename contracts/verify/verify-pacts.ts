import { unknownName } from '../../simulators/core/nearest.ts'
import { partners } from '../../simulators/index.ts'
import { type Broker, isUrl, type Publication, readIndex } from './broker.ts'
import { CannotVerify, type Check, sayError } from './check.ts'
import { checkReport } from './check-report.ts'
import { type Report, runVerifier } from './pact-verifier.ts'
import { type Pact, readPacts } from './pacts.ts'
import { createStages, type Stages, type StageWish } from './stages.ts'

export interface PactsWish extends StageWish {
  /** A pact file, a folder of them, or the URL of a Pact Broker. */
  from: string
  /** Providers by other names: the partner that each of them means. A partner's own name always means itself. */
  aliases: Readonly<Record<string, string>>
  /** Every pact is with this partner, whatever its provider is called; of a broker: only those with it. */
  partner?: string
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
  checkPartners(wish)
  const stages = createStages(wish)
  try {
    return await (isUrl(wish.from) ? verifyBroker(wish, stages) : verifyFiles(wish, stages))
  } finally {
    await stages.close()
  }
}

const known = partners.map(({ name }) => name)

function checkPartners({ aliases, partner }: PactsWish): void {
  const meant = [...Object.values(aliases), ...(partner === undefined ? [] : [partner])]
  const unknown = meant.find((name) => !known.includes(name))
  if (unknown !== undefined) throw new CannotVerify(unknownName('partner', unknown, known))
}

async function verifyFiles(wish: PactsWish, stages: Stages): Promise<Check[]> {
  const pacts = readPacts(wish.from)
  const partnerOf = ({ provider }: Pact) =>
    wish.partner ?? wish.aliases[provider] ?? known.find((name) => name === provider)
  const [first] = pacts
  if (first && pacts.every((pact) => partnerOf(pact) === undefined)) {
    throw new CannotVerify(`${first.file}: ${strange(first.provider)}`)
  }
  const checks: Check[] = []
  for (const pact of pacts) {
    const partner = partnerOf(pact)
    const group = `${pact.consumer} → ${pact.provider} (${pact.file})`
    if (partner === undefined) {
      const notes = [strange(pact.provider)]
      checks.push({ group, name: 'the pact', outcome: 'skipped', notes, wallMs: 0 })
      continue
    }
    const { options, refused } = await stages.of(partner)
    const report = await runVerifier({ ...options, provider: pact.provider, pactUrls: [pact.file] })
    checks.push(...checkReport(group, report, refused.splice(0), pact.interactions))
  }
  return checks
}

const strange = (provider: string) =>
  `The provider "${provider}" is no partner. Known: ${known.join(', ')}. Say whom you mean: --partner "${provider}=${known[0]}"`

async function verifyBroker(
  { from, broker, aliases, partner, publish }: PactsWish,
  stages: Stages,
): Promise<Check[]> {
  const providers = [...known.map((name) => [name, name] as const), ...Object.entries(aliases)]
  const refusal = await readIndex(from, broker.login).then(() => undefined, sayError)
  if (refusal !== undefined) {
    return [{ group: from, name: 'the broker', outcome: 'red', notes: [refusal], wallMs: 0 }]
  }
  const checks: Check[] = []
  for (const [provider, meant] of providers) {
    if (partner !== undefined && meant !== partner) continue
    const { options, refused } = await stages.of(meant)
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
