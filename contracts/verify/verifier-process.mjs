// Plain JavaScript, so that a process of its own starts at once. The native verifier writes to stdout by itself, so it is
// kept away from the command's own words: options come and the report goes as messages.
import { Verifier } from '@pact-foundation/pact-core'

// Whoever asked is gone, and nobody wants the answer. An orderly exit would wait for the native thread to end its verification.
const leave = () => process.kill(process.pid, 'SIGKILL')
process.once('disconnect', leave)

process.once('message', async (options) => {
  const report = await new Verifier(options).verify().catch(
    // A red verification rejects, and its message is the report.
    (error) => (error instanceof Error ? error.message : String(error)),
  )
  process.off('disconnect', leave)
  process.send(String(report), () => process.disconnect())
})
