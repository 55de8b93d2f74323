import { writeFileSync } from 'node:fs'
import { vocabulary } from './index.ts'
import { renderJsonSchema } from './json-schema.ts'

// `npx tsx scenarios/engine/write-schema.ts` after an act, an action or a fault has changed; a test says when.
writeFileSync(new URL('../schema.json', import.meta.url), renderJsonSchema(vocabulary()))
