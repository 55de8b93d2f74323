import { expect, test } from 'vitest'
import { escapeHtml, renderPayPage, renderSettledPage, writeMoney } from './pages.ts'
import { settle } from './state.ts'
import { createRoom, openPayment } from './testing/create-room.ts'
import { callbackFields } from './webhooks.ts'

const nasty = '"><script>alert(1)</script>&\''

test('the page has one button for each outcome', () => {
  const room = createRoom()
  const html = renderPayPage(openPayment(room)).text ?? ''
  const values = [...html.matchAll(/<button name="outcome" value="([^"]+)">/g)].map(([, v]) => v)
  expect(values).toEqual(['paid', 'failed', 'failed-debited', 'aborted', 'close'])
  expect(html).toContain('INR 499.00')
})

test('whatever a client sent is escaped on every page', () => {
  const room = createRoom()
  const payment = openPayment(room, { merchantOrderId: nasty })
  payment.returnUrl = `http://127.0.0.1/${nasty}`
  settle(room.ctx, payment, 'paid')
  const fields = callbackFields(room.ctx, payment)
  if (!fields) throw new Error('The payment has ended and has no callback.')
  const pages = [
    renderPayPage(payment),
    renderSettledPage(payment, { url: payment.returnUrl, fields }, true),
  ]
  for (const { text = '' } of pages) {
    expect(text).not.toContain('<script>alert')
    expect(text).toContain(escapeHtml(nasty))
  }
})

test('the way back posts itself once, and has a button where scripts are off', () => {
  const room = createRoom()
  const payment = openPayment(room)
  settle(room.ctx, payment, 'paid')
  const fields = callbackFields(room.ctx, payment)
  if (!fields) throw new Error('The payment has ended and has no callback.')
  const way = { url: 'http://127.0.0.1:4100/gateway/callback', fields }
  const first = renderSettledPage(payment, way, true)
  expect(first.text).toContain('action="http://127.0.0.1:4100/gateway/callback"')
  expect(first.text).toContain('<button>Back to the shop</button>')
  expect(first.text).toContain('.submit()</script>')
  for (const [name, value] of Object.entries(fields)) {
    expect(first.text).toContain(`name="${name}" value="${value}"`)
  }
  const again = renderSettledPage(payment, way, false)
  expect(again.text).not.toContain('<script>')
  expect(renderSettledPage(payment, undefined, true).text).not.toContain('<form')
})

test('money is written in rupees and paise without a float', () => {
  expect(writeMoney(5)).toBe('0.05')
  expect(writeMoney(49_950)).toBe('499.50')
  expect(writeMoney(99_999_999_999)).toBe('999999999.99')
})

test('special characters of HTML are written as numbers', () => {
  expect(escapeHtml(`&<>"'`)).toBe('&#38;&#60;&#62;&#34;&#39;')
})
