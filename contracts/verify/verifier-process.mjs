// Plain JavaScript, so that a process of its own starts at once. The native verifier writes to stdout by itself, so it is
// kept away from the command's own words: options come and the report goes as messages.
import { Verifier } from '@pact-foundation/pact-core'

// Whoever asked is gone: nobody wants the answer.
process.once('disconnect', () => process.exit(0))

process.once('message', async (options) => {
  const report = await new Verifier(options).verify().catch(
    // A red verification rejects, and its message is the report.
    (error) => (error instanceof Error ? error.message : String(error)),
  )
  process.send(String(report), () => process.disconnect())
})
