import { isRecord } from './difference.ts'

export interface Variant {
  /** `` for a story without variants. */
  name: string
  values: Record<string, unknown>
}

/** One for each entry of `variants`, named by its `name` or by its values; a story without variants is one itself. */
export function variantsOf(data: unknown): Variant[] {
  const listed = isRecord(data) ? data.variants : undefined
  if (!Array.isArray(listed)) return [{ name: '', values: {} }]
  return listed.filter(isRecord).map((values) => ({
    name:
      typeof values.name === 'string' ? values.name : Object.values(values).map(String).join(' '),
    values,
  }))
}
