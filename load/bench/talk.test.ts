import { expect, it } from 'vitest'
import { replyTo, startChild } from './talk.ts'

it('answers with what a handler gives, and says what went wrong', async () => {
  const asks = {
    double: ({ n }: { n: number }) => n * 2,
    break: async () => {
      throw new Error('broken')
    },
  }
  expect(await replyTo(asks, 'double', { n: 4 })).toEqual({ answer: 8 })
  expect((await replyTo(asks, 'break', {})).error).toContain('broken')
  expect((await replyTo(asks, 'triple', {})).error).toContain('Nobody here answers "triple".')
})

it('a process answers, fails by name, and ends when it is let go', async () => {
  const child = await startChild('./floor-process.ts')
  const { port } = await child.ask<{ port: number }>('open', { rows: [], skus: [], orders: 0 })
  const answer = await fetch(`http://127.0.0.1:${port}/inventory/stock-status?sku_code=A`)
  expect(await answer.json()).toEqual({ items: [] })
  expect(await child.ask('usage')).toMatchObject({ cpuUs: expect.any(Number) })
  await expect(child.ask('nothing')).rejects.toThrow('floor-process.ts nothing')
  await child.close()
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow()
})
