import { createHash, randomBytes } from 'node:crypto'

/** A number in [0, 1) that is a pure function of (seed, use); without a seed the machine gives one. */
export function createRandom(seed: string = randomBytes(16).toString('hex')) {
  return (use: string): number =>
    createHash('sha256').update(`${seed}/${use}`).digest().readUIntBE(0, 6) / 2 ** 48
}
