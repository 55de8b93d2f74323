/** Ids that only a provider state can know, as they stand in the pact: one example and one form each. */
export const examples = {
  affiliate_id: 'fa4e00000000000000000001',
  fynd_order_id: 'FY0000000000000000AA',
  shipment_id: '17676054000000000001',
  bag_id: '43880',
  username: 'fake-seller-of-the-contract',
  password: 'fake-password-of-the-contract',
  order_id: '17675874000000000001',
  order_id_2: '17675874000000000002',
  order_item_id: '9001',
  order_item_id_2: '9002',
  channel_id: '89001',
  warehouse_id: 'Brand_of_the_contract',
  ordering_store_id: 'OS_of_the_contract',
  payment_id: 'pay_00000000000000aa',
  trace_id: 'a1b2c3d4e5f60718-1767587400000',
  yesterday: '2026-01-04T04:30:00Z',
} as const

export type ExampleName = keyof typeof examples

const forms: Record<ExampleName, string> = {
  affiliate_id: '[0-9a-f]{24}',
  fynd_order_id: 'FY[0-9A-F]{18}',
  shipment_id: '\\d{20}',
  bag_id: '\\d+',
  username: '[\\w-]+',
  password: '[\\w-]+',
  order_id: '\\d{20}',
  order_id_2: '\\d{20}',
  order_item_id: '\\d+',
  order_item_id_2: '\\d+',
  channel_id: '\\d+',
  warehouse_id: '\\w+',
  ordering_store_id: '\\w+',
  payment_id: 'pay_\\w+',
  trace_id: '[0-9a-f-]+',
  yesterday: '[\\dT:-]{19}Z',
}

/** The longest first: no example is part of an earlier one. */
const names = (Object.keys(examples) as ExampleName[]).sort(
  (one, other) => examples[other].length - examples[one].length,
)

/**
 * A text of a request, matched by its form where it holds an example; on verification what the state answered stands there instead. A
 * plain text when it holds none.
 */
export function fromStates(text: string): unknown {
  // Short examples stand alone or between slashes, never inside a longer word.
  const parts = text.split(/([/?&=])/).map((part) => {
    const name = names.find((candidate) => examples[candidate] === part)
    if (name === undefined)
      return { regex: part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'), expression: part }
    return { regex: forms[name], expression: `\${${name}}`, isFound: true }
  })
  if (!parts.some(({ isFound }) => isFound)) return text
  return {
    'pact:matcher:type': 'regex',
    regex: `^${parts.map(({ regex }) => regex).join('')}$`,
    value: text,
    'pact:generator:type': 'ProviderState',
    expression: parts.map(({ expression }) => expression).join(''),
  }
}

/** The same for every text in a body. */
export function bodyFromStates(value: unknown): unknown {
  if (typeof value === 'string') return fromStates(value)
  if (Array.isArray(value)) return value.map(bodyFromStates)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, bodyFromStates(inner)]),
  )
}

/** A text with what the states answered in the places of its examples. */
export const inPlaceOf = (text: string, values: Record<string, unknown>): string =>
  text
    .split(/([/?&=])/)
    .map((part) => {
      const name = names.find((candidate) => examples[candidate] === part)
      return name === undefined ? part : String(values[name] ?? part)
    })
    .join('')
