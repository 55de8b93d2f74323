import { Command, Option } from 'commander'
import type { OwnCatalogue } from '../../simulators/core/own-catalogue.ts'
import type { Simulators } from '../../simulators/server.ts'
import { CommandError } from '../command-error.ts'
import { renderPartners } from '../describe-world.ts'
import { catalogueHelp, readCatalogue } from '../read-catalogue.ts'
import type { ReferenceShops } from '../reference-shops.ts'
import { untilStopped } from '../until-stopped.ts'
import { wholeNumber } from '../whole-number.ts'

interface UpOptions {
  port: number
  host: string
  token?: string
  seed?: number
  shop: boolean
  worldClock: 'virtual' | 'real'
  allowHost: string[]
  strict?: boolean
  catalogue?: string
}

export function upCommand(): Command {
  return new Command('up')
    .summary('open the simulators, and a small shop for each partner to play with')
    .description(
      'Opens the control plane (4000), a port for each partner (4010, 4020, 4030, 4040) and a reference shop for FYND (4100), Arvind (4101) and Konnect (4102); prints what to paste into a shop.',
    )
    .addOption(
      new Option(
        '--port <n>',
        'control port; the others keep their distance to it, 0 picks free ones',
      )
        .argParser(wholeNumber)
        .default(4000),
    )
    .addOption(new Option('--host <address>', 'address to listen on').default('127.0.0.1'))
    .addOption(
      new Option('--token <token>', 'asked of every control call; needed off loopback').env(
        'UNDERSTUDY_TOKEN',
      ),
    )
    .addOption(
      new Option('--seed <n>', 'fixes ids and credentials (default: 1)').argParser(wholeNumber),
    )
    .addOption(new Option('--no-shop', 'without the reference shops: test your own'))
    .addOption(
      new Option('--world-clock <mode>', 'runs by itself, or moves only when moved')
        .choices(['real', 'virtual'])
        .default('real'),
    )
    .addOption(
      new Option(
        '--allow-host <name...>',
        'may call the control plane and receive webhooks',
      ).default([], 'loopback only'),
    )
    .addOption(new Option('--catalogue <file>', catalogueHelp))
    .addOption(new Option('--strict', 'check every answer against the partner’s document'))
    .addHelpText('after', '\nExample:\n  understudy up --no-shop --seed 7')
    .action(up)
}

async function up(options: UpOptions): Promise<void> {
  const own = options.catalogue === undefined ? undefined : readCatalogue(options.catalogue)
  refusePort(options)
  const simulators = await open(options, own)
  let shops: ReferenceShops | undefined
  try {
    shops = options.shop ? await openShops(simulators, options, own) : undefined
  } catch (error) {
    await simulators.close()
    throw error
  }
  const stopped = untilStopped()
  console.log(describe(simulators, shops, options))
  await stopped
  await shops?.close()
  await simulators.close()
}

/** Said before anything is opened; 0 picks free ports. */
function refusePort({ port, shop }: UpOptions): void {
  const highest = 65_535 - (shop ? portsAbove.withShops : portsAbove.withoutShops)
  if (port <= highest) return
  const others = shop ? 'partners and shops' : 'partners'
  throw new CommandError(
    `--port ${port} will not do: 1 to ${highest}, as ${others} listen above it, or 0 for free ones.`,
    2,
  )
}

async function open(options: UpOptions, catalogue: OwnCatalogue | undefined): Promise<Simulators> {
  const { openSimulators } = await import('../../simulators/server.ts')
  const { port, host, token, seed, worldClock, strict } = options
  try {
    return await openSimulators({
      port,
      host,
      mode: worldClock,
      allowedHosts: receivers(options),
      strict: strict === true,
      ...(catalogue === undefined ? {} : { catalogue }),
      ...(token === undefined ? {} : { token }),
      ...(seed === undefined ? {} : { seed }),
    })
  } catch (error) {
    throw new CommandError(withHint(error), 2)
  }
}

/** The reference shops listen on `--host`, and on nothing else when it is one address: their webhooks must get there. */
function receivers({ allowHost, host, shop }: UpOptions): string[] {
  if (!shop || host === '0.0.0.0' || host === '::') return allowHost
  return [...allowHost, host.includes(':') ? `[${host}]` : host]
}

/** Wires the reference client's sites to the default world, and the world to them. */
async function openShops(
  simulators: Simulators,
  options: UpOptions,
  own: OwnCatalogue | undefined,
): Promise<ReferenceShops> {
  const { openReferenceShops } = await import('../reference-shops.ts')
  const { house, ports } = simulators
  const { world } = house.get('default')
  let shops: ReferenceShops | undefined
  try {
    shops = await openReferenceShops({
      world,
      port: options.port === 0 ? 0 : (ports.control ?? 0) + shopDistance,
      host: options.host,
      allowedHosts: options.allowHost,
      adminToken: options.token,
      own,
    })
    const sites = Object.entries(shops.urls).map(([site, url]) => [site, { base_url: url }])
    house.setShop('default', Object.fromEntries(sites))
    // Arvind's website has no stock to sell until it is told of some; the next push of its own is hours away.
    world.act('arvind.inventory.push', {})
    return shops
  } catch (error) {
    await shops?.close()
    throw new CommandError(`Cannot open the shops: ${withHint(error)}`, 2)
  }
}

function withHint(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const isTaken = /EADDRINUSE|is taken/.test(message)
  return isTaken ? `${message} Or move all ports: understudy up --port 5000` : message
}

/** From the control port to the first shop's. */
const shopDistance = 100

/** From the control port to the last port that is opened: Konnect's shop, or the last partner. */
const portsAbove = { withShops: 102, withoutShops: 40 }

function describe(
  simulators: Simulators,
  shops: ReferenceShops | undefined,
  options: UpOptions,
): string {
  const { controlUrl, house } = simulators
  const { world } = house.get('default')
  const lines = [
    `Understudy is up (seed ${world.seed}, clock ${world.clock.mode}). Stop it with Ctrl-C.`,
    '',
    `control plane        ${controlUrl}/_sim/worlds/default`,
    `docs and console     ${controlUrl}/docs`,
    ...(shops
      ? Object.entries(shops.urls).map(([site, url]) => `${`${site} shop`.padEnd(20)} ${url}`)
      : [
          `your own shop        curl -X PUT ${controlUrl}/_sim/worlds/default/shop ${options.token ? "-H 'authorization: Bearer <your token>' " : ''}-H 'content-type: application/json' -d '{"fynd":{"base_url":"http://127.0.0.1:PORT"}}'`,
        ]),
    '',
    renderPartners(world),
    '',
    `All credentials are made up. ${options.token ? 'Control calls carry Authorization: Bearer <your token>.' : 'In another terminal: npx understudy log --follow'}`,
  ]
  return lines.join('\n')
}
