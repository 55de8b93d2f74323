import { expect, test } from 'vitest'
import { countProvenance, renderProvenance } from './provenance.ts'

const source = {
  paths: {
    '/things': {
      get: {
        'x-provenance': 'source',
        parameters: [
          { name: 'page', in: 'query', 'x-provenance': 'analogy' },
          { $ref: '#/components/parameters/Key' },
        ],
        responses: {
          '200': {
            content: {
              'application/json': {
                schema: {
                  'x-provenance': 'assumed',
                  properties: { ok: {}, list: { items: { properties: { id: {} } } } },
                },
              },
            },
          },
        },
      },
    },
  },
  webhooks: { made: { post: {} } },
  components: {
    parameters: {
      Key: { name: 'key', in: 'header', 'x-provenance': 'documented' },
      Id: { name: 'id', in: 'path' },
    },
    schemas: {
      Thing: {
        'x-provenance': 'analogy',
        properties: {
          a: {},
          b: { 'x-provenance': 'source' },
          c: { $ref: '#/components/schemas/Sum' },
        },
      },
      Sum: { 'x-provenance': 'documented', type: 'number' },
      Loose: { properties: { d: {} } },
    },
  },
}

test('counts by the own word, that of what is referred to, or the nearest above', () => {
  const [operations, webhooks, parameters, fields] = countProvenance(source)
  expect(operations?.counts).toMatchObject({ source: 1, assumed: 0 })
  expect(webhooks?.unmarked).toEqual(['POST made'])
  expect(parameters?.counts).toMatchObject({ analogy: 1, documented: 1 })
  expect(parameters?.unmarked).toEqual([])
  expect(fields?.counts).toEqual({ source: 1, documented: 1, analogy: 1, assumed: 3 })
  expect(fields?.unmarked).toEqual(['Loose.d'])
})

test('adds up in a table of Markdown', () => {
  const lines = renderProvenance(countProvenance(source)).split('\n')
  expect(lines).toHaveLength(7)
  expect(lines.at(-1)).toBe('| all        | 2      | 2          | 2         | 3       |')
})
