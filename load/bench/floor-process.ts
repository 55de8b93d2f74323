import type { AddressInfo } from 'node:net'
import { tellCpu } from './cpu.ts'
import { createFloor, type FloorStock } from './floor.ts'

// The floor in a process of its own, like the simulator: takes the stock, gives the port.
process.once('message', (stock: FloorStock) => {
  const server = createFloor(stock)
  server.listen(0, '127.0.0.1', () => {
    process.send?.({ port: (server.address() as AddressInfo).port })
    tellCpu()
  })
})
process.once('disconnect', () => process.exit(0))
