import { startChild } from '../talk.ts'
import { fetchFromNpm } from './fetch-peer.ts'
import type { Peer } from './peer.ts'

const version = '4.6.5'

/** It lives in the process of whoever uses it: here in one of its own, with a callback for each call. */
export const mockttp: Peer = {
  name: 'mockttp',
  version,
  does: 'reads the body: yes, parsed and echoed by a callback in JavaScript; checks nothing; keeps state: no',
  readsBody: true,
  isEchoing: true,
  fetch: (tools) => fetchFromNpm(tools, 'mockttp', version),
  async start(folder, route) {
    const child = await startChild('./peers/mockttp-process.ts')
    try {
      const { port } = await child.ask<{ port: number }>('open', { folder, route })
      return { port, stop: () => child.close() }
    } catch (error) {
      await child.close()
      throw error
    }
  },
}
