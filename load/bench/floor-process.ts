import type { AddressInfo } from 'node:net'
import { createFloor, type FloorStock } from './floor.ts'
import { answerAsks } from './talk.ts'

/** The floor in a process of its own, like the simulator. */
function open(stock: FloorStock): Promise<{ port: number }> {
  const server = createFloor(stock)
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve({ port: (server.address() as AddressInfo).port }))
  })
}

answerAsks({ open })
