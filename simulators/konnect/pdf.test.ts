import { expect, test } from 'vitest'
import { renderPdf } from './pdf.ts'
import { createRehearsal } from './testing/rehearsal.ts'

/** Follows startxref, then every entry of the table, as a reader does. Answers the objects. */
function readPdf(text: string): string[] {
  expect(text).toMatch(/^%PDF-1\.\d\n/)
  expect(text).toMatch(/%%EOF\n$/)
  const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)?.[1])
  const table = text.slice(start)
  const [, count = ''] = /^xref\n0 (\d+)\n/.exec(table) ?? []
  expect(table).toContain(`/Size ${count}`)
  const rows = [...table.matchAll(/^(\d{10}) (\d{5}) ([nf]) \n/gm)]
  expect(rows).toHaveLength(Number(count))
  return rows.slice(1).map(([, offset = ''], at) => {
    const object = text.slice(Number(offset))
    expect(object.startsWith(`${at + 1} 0 obj\n`)).toBe(true)
    const whole = object.slice(0, object.indexOf('\nendobj'))
    const [, length] = /\/Length (\d+)/.exec(whole) ?? []
    if (length !== undefined) {
      const [, stream = ''] = /stream\n([\s\S]*)\nendstream$/.exec(whole) ?? []
      expect(stream.length).toBe(Number(length))
    }
    return whole
  })
}

test('a page for each list of lines, brackets and strange letters made harmless', () => {
  const bytes = renderPdf([
    ['one (1)', 'back\\slash'],
    ['₹ 499', 'zwei'],
  ])
  const text = Buffer.from(bytes).toString('latin1')
  const objects = readPdf(text)
  expect(objects.filter((object) => object.includes('/Type /Page '))).toHaveLength(2)
  expect(text).toContain('/Count 2')
  expect(text).toContain('(one \\(1\\)) Tj')
  expect(text).toContain('(back\\\\slash) Tj')
  expect(text).toContain('(? 499) Tj')
  expect(bytes).toEqual(
    renderPdf([
      ['one (1)', 'back\\slash'],
      ['₹ 499', 'zwei'],
    ]),
  )
})

test('labels of several orders are pages of one document; the bad ones are left out', async () => {
  const seller = createRehearsal()
  const ids = [seller.place(), seller.place()].map(({ order_id }) => order_id)
  for (const order_id of ids) {
    seller.act('konnect.order.advance', { order_id, to: 'bag_packed' })
  }
  const early = seller.place().order_id
  const wanted = [...ids, early].map((orderId) => ({ orderId }))
  const reply = await seller.oms('labels', wanted)
  expect(reply.status).toBe(200)
  const objects = readPdf(reply.pdf ?? '')
  const pages = objects.filter((object) => object.includes('SHIPPING LABEL'))
  expect(pages).toHaveLength(2)
  for (const [at, id] of ids.entries()) expect(pages[at]).toContain(id)
  const refused = await seller.oms('labels', [{ orderId: early }])
  expect([refused.status, refused.pdf, refused.code]).toEqual([400, undefined, 'L403'])
})
