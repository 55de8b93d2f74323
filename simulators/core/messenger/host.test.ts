import { expect, test } from 'vitest'
import { isAllowedReceiver } from './host.ts'

test.each([
  'http://localhost:4100/hooks',
  'https://localhost/hooks',
  'http://LOCALHOST/',
  'http://127.0.0.1:4100/hooks',
  'http://127.255.255.254/',
  'http://[::1]:4100/',
  // The parser writes these as 127.0.0.1, and that is what is dialled.
  'http://127.1/',
  'http://0x7f000001/',
  'http://2130706433/',
])('sends to loopback: %s', (url) => {
  expect(isAllowedReceiver(url, [])).toBe(true)
})

test.each([
  'http://shop.example/hooks',
  'http://0.0.0.0:4100/',
  'http://[::]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:10.0.0.1]/',
  'http://10.0.0.1/',
  'http://169.254.169.254/latest/meta-data',
  'http://128.0.0.1/',
  'http://127.0.0.1.shop.example/',
  'http://localhost.shop.example/',
  'http://localhost./',
  'http://shop.localhost/',
  'http://localhost@shop.example/',
  'http://user@localhost/',
  'http://user:secret@127.0.0.1/',
  'http://shop.example#@localhost/',
  'http:\\\\shop.example\\@localhost/',
  'ftp://localhost/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'localhost:4100',
  '//localhost/',
  '',
])('refuses %s', (url) => {
  expect(isAllowedReceiver(url, [])).toBe(false)
})

test('sends to a host that is allowed by its name, whole and alone', () => {
  const allowed = ['Website', 'shop.example:8080']
  expect(isAllowedReceiver('http://website:4100/hooks', allowed)).toBe(true)
  expect(isAllowedReceiver('http://shop.example:8080/', allowed)).toBe(true)
  expect(isAllowedReceiver('http://shop.example/', allowed)).toBe(false)
  expect(isAllowedReceiver('http://not-website/', allowed)).toBe(false)
  expect(isAllowedReceiver('http://website.shop.example/', allowed)).toBe(false)
  expect(isAllowedReceiver('http://user@website/', allowed)).toBe(false)
})

test('takes the usual port for one that is not written', () => {
  expect(isAllowedReceiver('https://shop.example/', ['shop.example:443'])).toBe(true)
  expect(isAllowedReceiver('http://shop.example/', ['shop.example:443'])).toBe(false)
})
