import type { Answer } from '../../answer.ts'

/** The same JSON answer with another value at `page.next_id`; an answer that has no such place stays as it is. */
export function setAt(answer: Answer, at: string, value: unknown): Answer {
  if (answer.status >= 300) return answer
  return { ...answer, json: put(answer.json, at.split('.'), value) }
}

function put(json: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  const isThere = typeof json === 'object' && json !== null && key !== undefined
  if (!isThere || !Object.hasOwn(json, key)) return json
  return { ...json, [key]: rest.length === 0 ? value : put(Reflect.get(json, key), rest, value) }
}
