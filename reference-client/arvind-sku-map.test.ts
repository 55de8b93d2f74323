import { expect, test } from 'vitest'
import { openArvindShop } from './testing/arvind-shop.ts'

type T = Awaited<ReturnType<typeof openArvindShop>>
const upload = (t: T, lines: string[], end = '\n') =>
  t.call('POST', '/admin/arvind/sku-map', ['product_id,value,sku', ...lines].join(end), {
    'content-type': 'text/csv; charset=utf-8',
  })
const skus = async (t: T, id: string) =>
  (await t.get(`/admin/products/${id}`)).body.options.map(
    (option: { value: string; sku: string }) => `${option.value}=${option.sku}`,
  )

test('maps many options at once, and stock flows to them from then on', async () => {
  const t = await openArvindShop({ stock: null })
  expect((await t.pushStock({ '8901000000017': 4 })).body.failureList).toMatchObject([
    { errorCode: 'UNKNOWN_SKU' },
  ])
  const { body } = await upload(
    t,
    ['TEE,S,8901000000017', 'TEE,M,TEE-M', 'TEE,"X,L",TEE-XL', 'MUG,1,'],
    '\r\n',
  )
  expect(body).toEqual({ mapped: 2, unchanged: 1, removed: 1 })
  expect(await skus(t, 'TEE')).toEqual(['S=8901000000017', 'M=TEE-M', 'L=TEE-L', 'X,L=TEE-XL'])
  expect(await skus(t, 'MUG')).toEqual([])
  expect((await t.pushStock({ '8901000000017': 4, 'TEE-XL': 1 })).body.failureList).toEqual([])
  expect((await t.get('/shop/products/TEE')).body.options[0].quantity).toBe(4)
})

test('two options may change places', async () => {
  const t = await openArvindShop()
  expect((await upload(t, ['TEE,S,TEE-M', 'TEE,M,TEE-S'])).status).toBe(200)
  expect(await skus(t, 'TEE')).toEqual(['S=TEE-M', 'M=TEE-S', 'L=TEE-L'])
})

test('all of it or nothing, and each wrong line is named', async () => {
  const t = await openArvindShop()
  const { status, body } = await upload(t, [
    'TEE,S,NEW-S',
    'NOPE,S,X-1',
    'TEE,S,X-2',
    '',
    'TEE,,X-3',
    'TEE,M',
  ])
  expect(status).toBe(400)
  expect(body.lines.map((line: { line: number }) => line.line)).toEqual([3, 4, 6, 7])
  const taken = await upload(t, ['TEE,S,MUG-1'])
  expect(taken.body.lines).toEqual([{ line: 2, message: 'MUG-1 would belong to two options.' }])
  expect(await skus(t, 'TEE')).toEqual(['S=TEE-S', 'M=TEE-M', 'L=TEE-L'])
})

test('refuses what is no such list', async () => {
  const t = await openArvindShop()
  const send = (body: string, type: string) =>
    t.call('POST', '/admin/arvind/sku-map', body, { 'content-type': type })
  expect((await send('sku,value', 'text/csv')).status).toBe(400)
  expect((await send('', 'text/csv')).status).toBe(400)
  expect((await send('product_id,value,sku', 'application/json')).status).toBe(415)
})

test('the Option tab maps one product', async () => {
  const t = await openArvindShop()
  const options = [{ value: 'S', sku: 'NEW-S' }]
  const { body } = await t.call('PUT', '/admin/products/TEE/options', { options })
  expect(body.options).toMatchObject([{ value: 'S', sku: 'NEW-S', partner_quantity: 0 }])
  expect((await t.pushStock({ 'NEW-S': 2 })).body.successList).toEqual(['NEW-S'])
})
