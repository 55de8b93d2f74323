import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** By file name. Vitest itself puts failed and slow files first, but a pact that several files write needs one order. */
class ByName extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return [...files].sort((one, other) => (one.moduleId < other.moduleId ? -1 : 1))
  }
}

/** Native code (libsql, Pact) is loaded by tests: processes, not threads. */
const shared = { pool: 'forks', testTimeout: 20_000, hookTimeout: 60_000 } as const
const exclude = ['**/node_modules/**', '.tools/**', 'out/**']

export default defineConfig({
  test: {
    sequence: { sequencer: ByName },
    projects: [
      {
        test: {
          ...shared,
          name: 'rooms',
          include: ['**/*.test.ts'],
          exclude: [...exclude, 'contracts/**'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...shared,
          name: 'contracts',
          include: ['contracts/**/*.test.ts'],
          exclude,
          // Several files write into one pact: one fork after the other, never two at a time.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          // Else it looks up a tracking host on every run.
          env: { PACT_DO_NOT_TRACK: 'true' },
        },
      },
    ],
  },
})
