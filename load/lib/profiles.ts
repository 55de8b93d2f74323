/** How hard a script pushes. Plain ES: k6 and Vitest both read this. */
export interface Profile {
  /** Iterations begun in a second, whether or not earlier ones are done. */
  ratePerSecond: number
  durationSeconds: number
  /** Virtual users kept ready; one does one iteration at a time. */
  users: number
}

export const profiles: Record<string, Profile> = {
  /** Seconds on any machine: does the way work at all, and does the judge agree? */
  smoke: { ratePerSecond: 20, durationSeconds: 5, users: 20 },
}

/** Throws with the names that would do. */
export function findProfile(name: string): Profile {
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined
  if (profile) return profile
  throw new Error(`Unknown profile "${name}". Known: ${Object.keys(profiles).join(', ')}.`)
}
