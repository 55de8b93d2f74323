/**
 * Parses JSON from outside. Keys that could reach a prototype are dropped, as any partner ignores a field it does not know.
 * Throws `SyntaxError` as `JSON.parse` does.
 */
export function parseJson(text: string): unknown {
  // A reviver makes parsing several times slower, so it runs only where such a key may be written, escaped or not.
  if (!mayNameDangerous(text)) return JSON.parse(text)
  return JSON.parse(text, dropDangerous)
}

/** One pass: `__proto__` and `prototype` both hold `proto`, and an escape may hide any of them. Four searches cost three times as much. */
const mayNameDangerous = (text: string): boolean => /proto|constructor|\\u00/.test(text)

const dangerous = ['__proto__', 'constructor', 'prototype']

function dropDangerous(this: unknown, _key: string, value: unknown): unknown {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    for (const key of dangerous) {
      if (Object.hasOwn(value, key)) delete (value as Record<string, unknown>)[key]
    }
  }
  return value
}
