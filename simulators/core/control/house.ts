import type { ClockMode } from '../clock.ts'
import type { ShopView } from '../judge/views.ts'
import { nearestName, unknownName } from '../nearest.ts'
import type { Partner } from '../partner.ts'
import { type Route, readRoute } from '../route.ts'
import type { World, WorldOptions } from '../world.ts'
import { ControlError } from './control-error.ts'

export interface HouseOptions {
  partners: readonly Partner[]
  /** Makes a world; `createWorld` of `core/world.ts`. */
  createWorld(options: WorldOptions, from?: string): World
  /** What every world is made with unless it says otherwise; the seed is the default world's alone. */
  defaults?: Omit<WorldOptions, 'partners' | 'name' | 'origins'>
  /** Public origin of each partner, without any world's prefix. */
  origins?: Record<string, string>
  /** Stands as `default` in place of a fresh one; nobody sends what leaves it. */
  keep?: HousedWorld
  /** A seed nobody chose: worlds made without one get credentials of their own. */
  drawSeed(): number
  /** The wall's clock; times to live are counted by it. */
  wallNowMs(): number
  /** Worlds at a time, `default` included. */
  worldsMax?: number
  /** Called for each world once it stands, for example to send what leaves it. */
  onOpen?(world: World): void
  /** What was under way in a world is void: it was reset. */
  onReset?(world: World): void
  onDrop?(world: World): void
}

export interface NewWorld {
  name?: string | undefined
  seed?: number | undefined
  mode?: ClockMode | undefined
  startMs?: number | undefined
  size?: { skus?: number; stores?: number } | undefined
  clientClock?: 'world' | 'wall' | undefined
  strict?: boolean | undefined
  /** Real milliseconds after which the house drops it. */
  ttlMs?: number | undefined
  /** A snapshot to begin from. */
  from?: string | undefined
}

/** Many worlds in one process. `default` stands from the start and cannot be dropped. */
export interface House {
  readonly partners: readonly Partner[]
  list(): HousedWorld[]
  /** Throws 404 naming the worlds there are. */
  get(name: string): HousedWorld
  make(wish: NewWorld): HousedWorld
  drop(name: string): void
  reset(name: string): void
  /** Names the shop under test of a world. A site belongs to one world at a time: 409 otherwise. */
  setShop(name: string, shop: Record<string, Record<string, string>>): void
  /**
   * Finds world, partner and the partner's own path of a target `[/w/{world}][/{partner}]{own path}`. `partner` is the one whose
   * port was called; without it (control port) the path must name one. Undefined: it names none. Throws 404 for an unknown world.
   */
  find(target: string, partner?: string): Room | undefined
  close(): void
}

export interface HousedWorld {
  world: World
  /** How time moves in it; by default what leaves it is answered over sockets. */
  time?: WorldTime
  /** What the shop under test says of itself, for the judge; only where it lives in this process. */
  view?(): Promise<ShopView>
  /** Wall time after which it is dropped. */
  expiresMs?: number
}

/** How time moves in a world whose shop lives in this process. */
export interface WorldTime {
  /** Lets everything run that can run without moving time. */
  rest(): Promise<void>
  travel(toMs: number): Promise<void>
  settle(forMs: number | undefined): Promise<void>
}

export interface Room {
  housed: HousedWorld
  world: World
  partner: Partner
  route: Route
}

export const defaultWorld = 'default'

/** Worlds at a time unless told otherwise: each may hold its journal and its partners' states. */
const worldsMaxDefault = 50

const nameRule = /^[a-z0-9][a-z0-9-]{0,39}$/

export function createHouse(options: HouseOptions): House {
  const { partners, defaults = {}, worldsMax = worldsMaxDefault } = options
  const worlds = new Map<string, HousedWorld>()
  const partnerNames = partners.map(({ name }) => name)
  const byName = new Map(partners.map((partner) => [partner.name, partner]))

  const drop = (name: string) => {
    const housed = worlds.get(name)
    if (!housed) return
    worlds.delete(name)
    options.onDrop?.(housed.world)
    housed.world.close()
  }
  /** The house has no timer of its own: worlds whose time is up go when somebody looks. */
  const sweep = () => {
    for (const [name, { expiresMs }] of worlds) {
      if (expiresMs !== undefined && expiresMs <= options.wallNowMs()) drop(name)
    }
  }
  const get = (name: string): HousedWorld => {
    sweep()
    const housed = worlds.get(name)
    if (housed) return housed
    throw unknown('world', name, worlds.keys())
  }
  const open = (name: string, wish: NewWorld): HousedWorld => {
    const world = create(options, name, { ...defaults, ...given(wish) }, wish.from)
    const housed: HousedWorld = { world }
    if (wish.ttlMs !== undefined) housed.expiresMs = options.wallNowMs() + wish.ttlMs
    worlds.set(name, housed)
    options.onOpen?.(world)
    return housed
  }

  const house: House = {
    partners,
    list() {
      sweep()
      return [...worlds.values()]
    },
    get,
    make(wish) {
      sweep()
      const name = wish.name ?? freeName(worlds)
      refuseName(name, worlds, worldsMax)
      return open(name, { ...wish, seed: wish.seed ?? options.drawSeed() })
    },
    drop(name) {
      get(name)
      if (name === defaultWorld) {
        throw new ControlError(409, 'conflict', 'The default world cannot be dropped; reset it.')
      }
      drop(name)
    },
    reset(name) {
      const { world, time } = get(name)
      if (time) throw keptWorld()
      world.reset()
      options.onReset?.(world)
    },
    setShop(name, shop) {
      const { world } = get(name)
      refuseForeignSites(world, shop, worlds)
      world.setShop(shop)
    },
    find(target, door) {
      const route = readRoute(target, door === undefined ? partnerNames : [])
      const partner = byName.get(door ?? route.partner ?? '')
      if (!partner) return undefined
      // Hot path: the default world cannot be dropped, so nobody needs to look at the clock.
      const housed =
        route.world === undefined
          ? (worlds.get(defaultWorld) as HousedWorld)
          : get(decode(route.world))
      return { housed, world: housed.world, partner, route }
    },
    close() {
      for (const name of [...worlds.keys()]) drop(name)
    },
  }
  if (options.keep) worlds.set(defaultWorld, options.keep)
  else open(defaultWorld, {})
  return house
}

/** 404 naming what there is, nearest first. */
export function unknown(what: string, name: string, names: Iterable<string>): ControlError {
  const known = [...names].sort()
  const shown = name.slice(0, 100)
  const near = nearestName(shown, known)
  if (near !== undefined) known.unshift(...known.splice(known.indexOf(near), 1))
  return new ControlError(404, `unknown-${what}`, unknownName(what, shown, known), { known })
}

const keptWorld = () =>
  new ControlError(
    409,
    'conflict',
    'This world stands in the middle of a scenario, with its shop; play the scenario again instead.',
  )

function create(
  { createWorld, partners, origins }: HouseOptions,
  name: string,
  wish: Omit<WorldOptions, 'partners' | 'name' | 'origins'>,
  from: string | undefined,
): World {
  const options: WorldOptions = { ...wish, partners, name, ...(origins ? { origins } : {}) }
  if (from === undefined) return createWorld(options)
  try {
    return createWorld(options, from)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new ControlError(400, 'bad-input', `No world can begin from this snapshot: ${why}`)
  }
}

/** Leaves out what was not given, so that it does not hide a default. */
function given({ name: _, from: __, ttlMs: ___, ...wish }: NewWorld): Partial<WorldOptions> {
  return Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined))
}

function refuseName(name: string, worlds: ReadonlyMap<string, unknown>, worldsMax: number): void {
  if (!nameRule.test(name)) {
    throw new ControlError(
      400,
      'bad-input',
      `World name ${JSON.stringify(name.slice(0, 100))} will not do: 1 to 40 of a-z, 0-9 and "-", not beginning with "-".`,
    )
  }
  if (worlds.has(name)) {
    throw new ControlError(409, 'conflict', `There is a world "${name}" already.`)
  }
  if (worlds.size >= worldsMax) {
    throw new ControlError(
      409,
      'too-many',
      `There are ${worldsMax} worlds already; drop one first.`,
    )
  }
}

function freeName(worlds: ReadonlyMap<string, unknown>): string {
  let number = worlds.size
  while (worlds.has(`world-${number}`)) number += 1
  return `world-${number}`
}

function refuseForeignSites(
  world: World,
  shop: Record<string, Record<string, string>>,
  worlds: ReadonlyMap<string, HousedWorld>,
): void {
  const wanted = sitesOf(shop)
  for (const { world: other } of worlds.values()) {
    if (other === world) continue
    for (const site of sitesOf(other.shop())) {
      const clash = wanted.find((each) => isSameSite(each, site))
      if (clash === undefined) continue
      throw new ControlError(
        409,
        'site-taken',
        `${clash} belongs to world "${other.name}"; a site belongs to one world at a time.`,
      )
    }
  }
}

/** A site is its base URL; where only single URLs are named, each of them counts. */
function sitesOf(shop: Record<string, Record<string, string>>): string[] {
  return Object.values(shop).flatMap(({ base_url, ...others }) => {
    const urls = Object.entries(others).flatMap(([name, url]) =>
      name.endsWith('url') ? [url] : [],
    )
    return [...(base_url === undefined ? [] : [base_url]), ...urls].filter((url) =>
      URL.canParse(url),
    )
  })
}

/** The same origin, and one path is the other or lies below it. */
function isSameSite(one: string, other: string): boolean {
  const [a, b] = [new URL(one), new URL(other)]
  if (listener(a) !== listener(b)) return false
  const [short, long] = [withSlash(a.pathname), withSlash(b.pathname)].sort(
    (x, y) => x.length - y.length,
  )
  return (long ?? '').startsWith(short ?? '')
}

/** However loopback is spelt, one port is one listener. */
const listener = ({ protocol, hostname, port }: URL): string =>
  `${protocol}//${/^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname) ? 'loopback' : hostname}:${port}`

const withSlash = (path: string): string => (path.endsWith('/') ? path : `${path}/`)

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    // Not a name of any world, then; the refusal shows it as it came.
    return segment
  }
}
