import { Command, Option } from 'commander'
import type { Check } from '../../contracts/verify/check.ts'
import { CommandError } from '../command-error.ts'
import { catalogueHelp, readCatalogue } from '../read-catalogue.ts'
import { wholeNumber } from '../whole-number.ts'
import { checkWritable } from './check-writable.ts'
import { checkForm, type Form } from './verify-forms.ts'
import {
  assignments,
  collect,
  type Pairs,
  readAliases,
  readCredentials,
  readSelectors,
} from './verify-words.ts'

interface VerifyOptions {
  pact?: string
  receiver?: string
  provider?: string
  partner: string[]
  seed?: number
  junit?: string
  set: Pairs
  header: Pairs
  // --pact
  keepCredentials?: boolean
  states?: string
  catalogue?: string
  selector: string[]
  pending?: boolean
  broker?: string
  brokerToken?: string
  brokerUsername?: string
  brokerPassword?: string
  publish?: string
  branch?: string
  tag: string[]
  buildUrl?: string
  // --receiver
  secret?: string
  place: Pairs
  // --provider
  credentials: string[]
  all?: boolean
}

export function verifyCommand(): Command {
  const command = new Command('verify')
    .summary('hold a pact, a webhook receiver or a sandbox against the contracts')
    .description(
      [
        'Verifies one of three:',
        '  --pact       a consumer’s pacts, against simulators that it starts for itself',
        '  --receiver   your webhook receiver, with what a partner tells',
        '  --provider   a partner’s sandbox (or a simulator), against the partner’s OpenAPI document',
        'Ends with 0 (green), 1 (red; also when nothing was verified) or 2 (bad input).',
      ].join('\n'),
    )
    .addHelpText('after', examples)
    .action(verify)
  for (const option of options()) command.addOption(option)
  return command
}

const examples = `
Examples:
  understudy verify --pact pacts/my-shop-fynd.json
  understudy verify --pact pacts --partner "GoFynd API=fynd" --junit out/pacts.xml
  understudy verify --pact pacts --publish 1.4.2 --branch main --broker http://127.0.0.1:9292
  understudy verify --pact http://127.0.0.1:9292 --publish 2026.1 --branch main --tag test
  understudy verify --receiver http://127.0.0.1:3000 --partner fynd --secret SECRET --set affiliate_order_id=1001
  understudy verify --provider https://sandbox.example/gofynd --partner fynd --credentials fynd-sandbox.json`

/** In the order of the help. */
const options = (): Option[] => [
  new Option('--pact <where>', 'pact file, folder of pacts, or URL of a Pact Broker'),
  new Option('--receiver <url>', 'where your shop listens for webhooks'),
  new Option('--provider <url>', 'base URL of a sandbox, as it is typed into a shop'),
  new Option(
    '--partner <name>',
    'which partner; with --pact for providers of another name: NAME, or "PROVIDER=NAME" (may be given again)',
  )
    .argParser(collect)
    .default([], 'the pact’s provider'),
  new Option('--junit <file>', 'write JUnit XML there as well'),
  new Option('--seed <n>', 'of the world that is started (default: 1)').argParser(wholeNumber),
  new Option(
    '--set <name=value>',
    'receiver, provider: this value for fields and parameters of that name, an order that exists there (may be given again)',
  )
    .argParser(assignments)
    .default({}, 'examples'),
  new Option('--header <name=value>', 'pact, provider: send this instead (may be given again)')
    .argParser(assignments)
    .default({}, 'the world’s credentials'),
  new Option('--keep-credentials', 'pact: send the pact’s own credentials'),
  new Option(
    '--states <file>',
    'pact: what provider states in your own words mean: YAML with acts for each sentence',
  ),
  new Option('--catalogue <file>', `pact: ${catalogueHelp}`),
  new Option('--selector <json>', 'broker: consumer version selector (may be given again)')
    .argParser(collect)
    .default([], '{"latest":true}'),
  new Option('--pending', 'broker: a pact that was never green may fail'),
  new Option(
    '--publish <version>',
    'from a broker: publish the results, as of this provider version; from files: publish green pacts, as of this consumer version, to --broker',
  ),
  new Option('--branch <name>', 'of the published version'),
  new Option('--tag <name>', 'of the published version (may be given again)')
    .argParser(collect)
    .default([], 'none'),
  new Option('--build-url <url>', 'of the CI run, for the broker’s pages'),
  new Option('--broker <url>', 'where pacts from files are published').env('PACT_BROKER_BASE_URL'),
  new Option('--broker-token <token>', 'bearer token').env('PACT_BROKER_TOKEN'),
  new Option('--broker-username <name>', 'or a name').env('PACT_BROKER_USERNAME'),
  new Option('--broker-password <word>', 'and a password').env('PACT_BROKER_PASSWORD'),
  new Option(
    '--secret <secret>',
    'receiver: what partner and shop share (arvind: username:password); default: that of the seed',
  ).env('UNDERSTUDY_SECRET'),
  new Option(
    '--place <name=url>',
    'receiver: a URL that is not the usual one: webhook_url, update_inventory_url, order_status_url, return_url (may be given again)',
  )
    .argParser(assignments)
    .default({}, 'the usual paths'),
  new Option(
    '--credentials <words...>',
    'provider: name=value as `up` prints them, or a JSON file of them',
  )
    .env('UNDERSTUDY_CREDENTIALS')
    .default([], 'none'),
  new Option('--all', 'provider: also operations that change something there'),
]

async function verify(options: VerifyOptions, command: Command): Promise<void> {
  const begunMs = performance.now()
  const kinds = (['pact', 'receiver', 'provider'] as const).filter((kind) => options[kind])
  const [kind] = kinds
  if (kind === undefined || kinds.length > 1) {
    throw new CommandError('Say one of --pact, --receiver and --provider.', 2)
  }
  checkForm(kind, command)
  checkPublication(options)
  if (options.junit !== undefined) checkWritable(options.junit)
  const { writeJunit, writeReport } = await import('./verify-report.ts')
  const { CannotVerify } = await import('../../contracts/verify/check.ts')
  const checks = await run[kind](options).catch((error: unknown) => {
    throw error instanceof CannotVerify ? new CommandError(error.message, 2) : error
  })
  const isGreen = writeReport(process.stdout, checks)
  if (options.junit !== undefined) {
    writeJunit(options.junit, `verify --${kind}`, checks, performance.now() - begunMs)
  }
  if (kind === 'pact' && isGreen && !(await publishFiles(options))) process.exitCode = 1
  if (!isGreen) process.exitCode = 1
}

const run: Record<Form, (options: VerifyOptions) => Promise<Check[]>> = {
  async pact(options) {
    const { verifyPacts } = await import('../../contracts/verify/verify-pacts.ts')
    const { readStates } = await import('./verify-states.ts')
    const { pact: from = '', partner, seed, catalogue, header, keepCredentials, states } = options
    return verifyPacts({
      from,
      ...readAliases(partner),
      headers: lowerNames(header),
      keepCredentials: keepCredentials === true,
      states: states === undefined ? {} : readStates(states),
      ...(seed !== undefined && { seed }),
      ...(catalogue !== undefined && { catalogue: readCatalogue(catalogue) }),
      broker: {
        login: loginOf(options),
        selectors: readSelectors(options.selector),
        pending: options.pending === true,
      },
      ...(isUrl(from) && options.publish !== undefined && { publish: publicationOf(options) }),
    })
  },
  async receiver(options) {
    const { receiver = '', place, secret, seed, set } = options
    const [partner, url] = [onePartner(options), asUrl('--receiver', receiver)]
    const { verifyReceiver } = await import('../../contracts/verify/verify-receiver.ts')
    return verifyReceiver({
      partner,
      url,
      places: place,
      ...(secret !== undefined && { secret }),
      ...(seed !== undefined && { seed }),
      values: set,
    })
  },
  async provider(options) {
    const { verifyProvider } = await import('../../contracts/verify/verify-provider.ts')
    const { provider = '', credentials, header, all, set } = options
    return verifyProvider({
      partner: onePartner(options),
      url: asUrl('--provider', provider),
      credentials: readCredentials(credentials),
      headers: lowerNames(header),
      all: all === true,
      values: set,
      nowMs: Date.now,
    })
  },
}

/** Throws before anything is verified, when what it brings could not be published. */
function checkPublication({ pact, publish, broker }: VerifyOptions): void {
  if (publish === undefined || pact === undefined || isUrl(pact)) return
  if (broker === undefined) throw new CommandError('Say where to publish: --broker URL.', 2)
  asUrl('--broker', broker)
}

/** True when there was nothing to publish or it is published. */
async function publishFiles(options: VerifyOptions): Promise<boolean> {
  const { pact = '', publish, broker = '' } = options
  if (publish === undefined || isUrl(pact)) return true
  const { publishPacts } = await import('../../contracts/verify/broker.ts')
  const { readPacts } = await import('../../contracts/verify/pacts.ts')
  try {
    const said = await publishPacts(
      broker,
      loginOf(options),
      readPacts(pact),
      publicationOf(options),
    )
    console.log(['', ...said].join('\n'))
    return true
  } catch (error) {
    console.error(`Not published: ${error instanceof Error ? error.message : error}`)
    return false
  }
}

function publicationOf({ publish = '', branch, tag, buildUrl }: VerifyOptions) {
  return {
    version: publish,
    tags: tag,
    ...(branch !== undefined && { branch }),
    ...(buildUrl !== undefined && { buildUrl }),
  }
}

function loginOf({ brokerToken, brokerUsername, brokerPassword }: VerifyOptions) {
  return {
    ...(brokerToken !== undefined && { pactBrokerToken: brokerToken }),
    ...(brokerUsername !== undefined && { pactBrokerUsername: brokerUsername }),
    ...(brokerPassword !== undefined && { pactBrokerPassword: brokerPassword }),
  }
}

function onePartner({ partner }: VerifyOptions): string {
  const [name] = partner
  if (name !== undefined && partner.length === 1) return name
  throw new CommandError(
    'Say which partner: --partner fynd, arvind, konnect or payment-gateway.',
    2,
  )
}

const isUrl = (text: string): boolean => /^https?:\/\//.test(text)

function asUrl(option: string, text: string): string {
  if (isUrl(text) && URL.canParse(text)) return text
  throw new CommandError(
    `${option} ${text}: that is no URL. Write for example http://127.0.0.1:3000`,
    2,
  )
}

const lowerNames = (pairs: Pairs): Pairs =>
  Object.fromEntries(Object.entries(pairs).map(([name, value]) => [name.toLowerCase(), value]))
