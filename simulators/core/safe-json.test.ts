import { expect, it } from 'vitest'
import { parseJson } from './safe-json.ts'

it.each([
  '{"a": 1, "__proto__": {"polluted": 1}}',
  '{"a": 1, "\\u005f_proto__": {"polluted": 1}}',
  '{"a": 1, "constructor": {"prototype": {"polluted": 1}}}',
])('ignores keys that could reach a prototype: %s', (text) => {
  const parsed = parseJson(text) as object
  expect(Object.keys(parsed)).toEqual(['a'])
  expect(({} as { polluted?: number }).polluted).toBeUndefined()
})

it('keeps a value that only mentions such a key', () => {
  expect(parseJson('{"note": "the constructor"}')).toEqual({ note: 'the constructor' })
})

it('throws on what is not JSON', () => {
  expect(() => parseJson('{"a":')).toThrow(SyntaxError)
})
