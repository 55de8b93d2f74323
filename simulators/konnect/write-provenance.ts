import { writeFileSync } from 'node:fs'
import { readDocument, readReadme, withCount } from './count-provenance.ts'

// `npx tsx simulators/konnect/write-provenance.ts` after the document has changed; a test says when.
writeFileSync(new URL('./README.md', import.meta.url), withCount(readReadme(), readDocument()))
