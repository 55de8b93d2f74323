import { readFileSync, writeFileSync } from 'node:fs'
import { partners } from './index.ts'
import { readmeTables, writeTables } from './readme-tables.ts'

// `npx tsx simulators/write-readmes.ts` after a switch or a document has changed; a test says when.
async function writeReadmes(): Promise<void> {
  for (const partner of partners) {
    const file = new URL('./README.md', partner.wire)
    const readme = readFileSync(file, 'utf8')
    const written = writeTables(readme, await readmeTables(partner))
    if (written !== readme) writeFileSync(file, written)
  }
}

void writeReadmes()
