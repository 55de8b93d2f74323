import { Argument, Command } from 'commander'
import { CommandError } from '../command-error.ts'
import { scenariosFolder } from '../scenarios-folder.ts'

type Kind = 'scenarios' | 'acts' | 'faults' | 'assumptions'

interface Listed {
  name: string
  about: string
  /** Shown when this one is asked for by name. */
  detail: unknown
}

export function listCommand(): Command {
  return new Command('list')
    .summary('what there is: scenarios, acts, faults, assumptions')
    .description('Lists what there is. With a name: the one thing, with what it takes.')
    .addArgument(
      new Argument('<kind>', 'what to list').choices([
        'scenarios',
        'acts',
        'faults',
        'assumptions',
      ]),
    )
    .argument('[name]', 'one of them')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  understudy list acts fynd.stock.set')
    .action(async (kind: Kind, name: string | undefined, options: { json?: boolean }) => {
      const all = await lists[kind]()
      const shown = name === undefined ? all : [await pick(kind, name, all)]
      if (options.json) console.log(JSON.stringify(shown, null, 2))
      else for (const each of shown) console.log(renderListed(each, name !== undefined))
    })
}

const lists: Record<Kind, () => Promise<Listed[]>> = {
  async scenarios() {
    const { readScenario } = await import('../../scenarios/engine/index.ts')
    const { scenarioFiles } = await import('../../scenarios/engine/load.ts')
    return scenarioFiles(scenariosFolder()).flatMap((file) => {
      const plays = readScenario(file)
      return plays.slice(0, 1).map(({ story: { name, about } }) => ({
        name,
        about: plays.length > 1 ? `${about} (${plays.length} variants)` : about,
        detail: {
          file,
          variants: plays.flatMap(({ variant }) => (variant === '' ? [] : [variant])),
        },
      }))
    })
  },
  async acts() {
    const { listActs } = await import('../../simulators/core/control/acts.ts')
    const { partners } = await import('../../simulators/index.ts')
    return listActs(partners).map(({ name, about, input }) => ({ name, about, detail: input }))
  },
  async faults() {
    const { listFaults } = await import('../../simulators/core/control/faults.ts')
    return listFaults().map(({ name, about, family, options }) => ({
      name,
      about,
      detail: { family, options },
    }))
  },
  async assumptions() {
    const { listAssumptions } = await import('../../simulators/core/control/assumptions.ts')
    const { partners } = await import('../../simulators/index.ts')
    return listAssumptions(partners).map(({ partner, name, about, default: value, schema }) => ({
      name: `${partner}.${name}`,
      about: `${about} Default: ${JSON.stringify(value)}`,
      detail: schema,
    }))
  },
}

async function pick(kind: Kind, name: string, all: readonly Listed[]): Promise<Listed> {
  const found = all.find((each) => each.name === name)
  if (found) return found
  const { unknownName } = await import('../../simulators/core/nearest.ts')
  const known = all.map((each) => each.name)
  throw new CommandError(unknownName(kind.replace(/s$/, ''), name, known), 2)
}

const renderListed = ({ name, about, detail }: Listed, isWhole: boolean): string =>
  `${name}\n    ${about}${isWhole ? `\n${JSON.stringify(detail, null, 2)}` : ''}`
