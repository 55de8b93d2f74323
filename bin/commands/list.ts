import { Argument, Command } from 'commander'
import { CommandError } from '../command-error.ts'
import { scenariosFolder } from '../scenarios-folder.ts'
import { renderFields, renderType, type ShownSchema } from '../schema-lines.ts'

type Kind = 'scenarios' | 'acts' | 'faults' | 'assumptions'

interface Listed {
  name: string
  about: string
  /** Shown when this one is asked for by name. */
  lines: string[]
  /** With `--json`: all there is to know. */
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
      if (options.json) console.log(JSON.stringify(shown.map(withoutLines), null, 2))
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
        lines: [`    ${file}`, ...variantsOf(plays).map((variant) => `    variant: ${variant}`)],
        detail: { file, variants: variantsOf(plays) },
      }))
    })
  },
  async acts() {
    const { listActs } = await import('../../simulators/core/control/acts.ts')
    const { partners } = await import('../../simulators/index.ts')
    return listActs(partners).map(({ name, about, input }) => ({
      name,
      about,
      lines: renderFields(input as ShownSchema),
      detail: input,
    }))
  },
  async faults() {
    const { listFaults } = await import('../../simulators/core/control/faults.ts')
    return listFaults().map(({ name, about, family, options }) => ({
      name,
      about,
      lines: [`    family: ${family}`, ...renderFields(options as ShownSchema)],
      detail: { family, options },
    }))
  },
  async assumptions() {
    const { listAssumptions } = await import('../../simulators/core/control/assumptions.ts')
    const { partners } = await import('../../simulators/index.ts')
    return listAssumptions(partners).map(({ partner, name, about, default: value, schema }) => ({
      name: `${partner}.${name}`,
      about: `${about} Default: ${JSON.stringify(value)}`,
      lines: [`    ${renderType(schema as ShownSchema)}`],
      detail: schema,
    }))
  },
}

async function pick(kind: Kind, name: string, all: readonly Listed[]): Promise<Listed> {
  const found = all.find((each) => each.name === name)
  if (found) return found
  const { suggest } = await import('../../scenarios/engine/suggest.ts')
  const known = all.map((each) => each.name)
  const told = suggest(name, known, `see understudy list ${kind}`)
  throw new CommandError(`Unknown ${kind.replace(/s$/, '')} "${name}". ${told}`, 2)
}

const variantsOf = (plays: readonly { variant: string }[]): string[] =>
  plays.flatMap(({ variant }) => (variant === '' ? [] : [variant]))

const renderListed = ({ name, about, lines }: Listed, isWhole: boolean): string =>
  [name, `    ${about}`, ...(isWhole ? lines : [])].join('\n')

const withoutLines = ({ name, about, detail }: Listed) => ({ name, about, detail })
