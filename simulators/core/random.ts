import { createHash } from 'node:crypto'

/**
 * Named streams of chance. Each draw is a pure function of (seed, name, position), so a stream is remembered by its position alone
 * and no stream can disturb another.
 */
export interface RandomStream {
  /** In [0, 1), 53 bits. */
  next(): number
  /** Whole number in [min, max], both included. */
  int(min: number, max: number): number
  /** Lower-case hex digits. */
  hex(digits: number): string
  /** Decimal digits, leading zeros possible. */
  digits(count: number): string
  uuid(): string
  pick<T>(from: readonly T[]): T
}

export interface Random {
  stream(name: string): RandomStream
  /** The draw at a given position; moves nothing. Used where a draw is keyed by a count (faults). */
  at(name: string, position: number): number
  positions(): Record<string, number>
  restore(positions: Record<string, number>): void
}

/**
 * `birth` tells one life of a world from the next: a real world that begins anew must not give ids again which a shop still remembers. Streams
 * under `credentials/` do not hang on it, so that a shop's settings outlive a restart.
 */
export function createRandom(seed: number, birth = ''): Random {
  const positions = new Map<string, number>()
  const streams = new Map<string, RandomStream>()
  const keys = new Map<string, readonly [number, number]>()
  const keyOf = (name: string) => {
    let key = keys.get(name)
    if (!key) {
      const life = name.startsWith('credentials/') ? '' : birth
      const digest = createHash('sha256').update(`${seed}${life}\n${name}`).digest()
      key = [digest.readUInt32LE(0), digest.readUInt32LE(4)]
      keys.set(name, key)
    }
    return key
  }
  const at = (name: string, position: number) => draw(keyOf(name), position)
  const createStream = (name: string): RandomStream => {
    const key = keyOf(name)
    const next = () => {
      const position = positions.get(name) ?? 0
      positions.set(name, position + 1)
      return draw(key, position)
    }
    return { next, ...shapes(next) }
  }
  return {
    stream(name) {
      let stream = streams.get(name)
      if (!stream) {
        stream = createStream(name)
        streams.set(name, stream)
      }
      return stream
    },
    at,
    positions: () => Object.fromEntries([...positions].sort(([a], [b]) => (a < b ? -1 : 1))),
    restore(saved) {
      positions.clear()
      for (const [name, position] of Object.entries(saved)) positions.set(name, position)
    },
  }
}

/** A seed nobody chose, for `up` without `--seed`. */
export const drawSeed = (): number => Math.floor(Math.random() * 0x7fffffff)

/** Two 32-bit mixes of (key, position) make 53 bits. */
function draw(key: readonly [number, number], position: number): number {
  const high = mix(key[0] ^ mix(position)) >>> 5
  const low = mix(key[1] + Math.imul(position, 0x9e3779b1)) >>> 6
  return (high * 67108864 + low) / 9007199254740992
}

/** The finalizer of MurmurHash3: every input bit reaches every output bit. */
function mix(value: number): number {
  let x = value | 0
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b)
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
  return x ^ (x >>> 16)
}

/** In two halves: small whole numbers are written several times faster than large ones. */
function write(value: number, base: number, digits: number): string {
  const half = base ** (digits >> 1)
  const high = Math.floor(value / half)
  const low = value - high * half
  return (
    high.toString(base).padStart(digits - (digits >> 1), '0') +
    (digits > 1 ? low.toString(base).padStart(digits >> 1, '0') : '')
  )
}

function shapes(next: () => number): Omit<RandomStream, 'next'> {
  const int = (min: number, max: number) => min + Math.floor(next() * (max - min + 1))
  // As many digits a draw as its 53 bits hold whole.
  const written = (count: number, base: number, digitsPerDraw: number) => {
    let text = ''
    while (text.length < count) {
      const digits = Math.min(digitsPerDraw, count - text.length)
      text += write(Math.floor(next() * base ** digits), base, digits)
    }
    return text
  }
  const hex = (digits: number) => written(digits, 16, 12)
  return {
    int,
    hex,
    digits: (count) => written(count, 10, 15),
    uuid: () => {
      const text = hex(32)
      const variant = '89ab'.charAt(Number.parseInt(text.charAt(16), 16) & 3)
      return `${text.slice(0, 8)}-${text.slice(8, 12)}-4${text.slice(13, 16)}-${variant}${text.slice(17, 20)}-${text.slice(20)}`
    },
    pick: <T>(from: readonly T[]) => {
      if (from.length === 0) throw new Error('Nothing to pick from: the list is empty.')
      return from[int(0, from.length - 1)] as T
    },
  }
}
