import { expect, test } from 'vitest'
import { createRehearsal } from './testing/rehearsal.ts'

interface Page {
  items: Record<string, unknown>[]
  page_number: number
  page_size: number
  total: number
}

const catalog = '/v3/catalog'
const names = (page: Page) =>
  page.items.map((item) => {
    const rule = item.rule as { name: string } | undefined
    return rule?.name ?? item.name ?? item.hs_code
  })

test.each([
  ['departments', 6],
  ['category', 15],
  ['company-brand', 3],
  ['product/template', 4],
  ['taxes/hscodes', 7],
  ['taxes/rules', 4],
  ['product', 4],
])('%s is paged: ten at first, then what was asked for', async (path, total) => {
  const seller = createRehearsal()
  const first = await seller.get<Page>(`${catalog}/${path}`)
  expect(first).toMatchObject({ page_number: 1, page_size: 10, total })
  expect(first.items).toHaveLength(Math.min(10, total))
  const pages = []
  for (let page = 1; page <= Math.ceil(total / 2); page += 1) {
    const query = `page_number=${page}&page_size=2`
    pages.push(...(await seller.get<Page>(`${catalog}/${path}?${query}`)).items)
  }
  expect(new Set(pages.map((item) => JSON.stringify(item))).size).toBe(total)
  const past = await seller.get<Page>(`${catalog}/${path}?page_number=99&page_size=200`)
  expect(past).toMatchObject({ items: [], page_number: 99, total })
  for (const wrong of ['page_size=201', 'page_size=0', 'page_number=0', 'page_number=x']) {
    const reply = await seller.call('GET', `${catalog}/${path}?${wrong}`)
    expect([reply.status, reply.body.status], wrong).toEqual([400, 'FAILED'])
  }
})

test.each([
  ['departments?name=cloth', ["Men's Clothing", "Women's Clothing"]],
  ['departments?slug=footwear', ['Footwear']],
  ['departments?slug=foot', []],
  ['departments?is_active=false', ['Stationery']],
  ['departments?name=cloth&is_active=false', []],
  ['category?level=1', ['Clothing', 'Footwear', 'Home', 'Grocery']],
  ['category?slug=t-shirts', ['T-Shirts']],
  ['category?department=101&level=3', ['Running Shoes']],
  ['category?department=0', []],
  ['category?cat3_id=111,211', ['T-Shirts', 'Running Shoes']],
  ['category?cat3_id=11', []],
  ['company-brand?brand_name=kite', ['Paper Kite']],
  ['product/template?department=footwear', ['Shoes']],
  ['product/template?department=', ['Tops', 'Shoes', 'Home', 'Grocery']],
  ['product/template?department=101', []],
  ['taxes/hscodes?search=shirt', ['6109', '6205']],
  ['taxes/hscodes?search=610&type=HS', ['6109']],
  ['taxes/hscodes?type=SAC', ['9987']],
  ['taxes/rules?status=INACTIVE', ['GST 28']],
  ['taxes/rules?version_status=FUTURE', ['GST 18']],
  ['taxes/rules?rule_name=gst%201', ['GST 12', 'GST 18']],
  ['product?name=shoe', ['Running Shoe']],
  ['product?slug=stoneware-mug', ['Stoneware Mug']],
  ['product?item_code=TEE,SOAP&sort_on=created', ['Crew Neck Tee', 'Sandal Soap']],
])('%s', async (query, wanted) => {
  const page = await createRehearsal().get<Page>(`${catalog}/${query}`)
  expect(names(page)).toEqual(wanted)
  expect(page.total).toBe(wanted.length)
})

test.each(['category?level=4', 'category?cat3_id=x', 'taxes/hscodes?type=XX', 'product?sort_on=x'])(
  '%s is refused',
  async (query) => {
    expect((await createRehearsal().call('GET', `${catalog}/${query}`)).status).toBe(400)
  },
)

test('attributes are told by the exact name of the category', async () => {
  const seller = createRehearsal()
  const read = async (category: string) =>
    await seller.get<{ items: { slug: string; schema: object }[] }>(
      `${catalog}/product-attributes?category=${encodeURIComponent(category)}`,
    )
  const { items, ...rest } = await read('T-Shirts')
  expect(rest).toEqual({})
  expect(items[0]).toMatchObject({
    slug: 'primary-colour',
    schema: { type: 'str', mandatory: true, allowed_values: expect.arrayContaining(['Blue']) },
  })
  expect((await read('t-shirts')).items).toEqual([])
  expect((await seller.call('GET', `${catalog}/product-attributes`)).status).toBe(400)
})

test('level-3 names are those of the channel that is set, and can change', async () => {
  const seller = createRehearsal()
  const shirts = async () => names(await seller.get<Page>(`${catalog}/category?cat3_id=111`))
  expect(await shirts()).toEqual(['T-Shirts'])
  seller.world.setAssumptions('konnect', { category_channel: 'AJIO_VMS' })
  expect(await shirts()).toEqual(['Tshirts'])
  seller.act('konnect.category.rename', {
    category_uid: 111,
    channel: 'AJIO_VMS',
    name: 'Tees',
  })
  expect(await shirts()).toEqual(['Tees'])
  const attributes = await seller.get<Page>(`${catalog}/product-attributes?category=Tees`)
  expect(attributes.items.length).toBeGreaterThan(0)
  expect(() => seller.act('konnect.category.rename', { category_uid: 11, name: 'x' })).toThrow(
    'No level-3 category',
  )
})

test('a catalogue is filled up to the size that is asked for', async () => {
  const seller = createRehearsal({}, { size: { skus: 40, stores: 5 } })
  const count = await seller.get<{ data: { listing_count: number } }>('/ims/v3/listings/count')
  expect(count.data.listing_count).toBe(40)
  const { data } = await seller.get<{ data: { location_id: string }[] }>(
    '/ims/v3/listings?page_size=500',
  )
  expect(new Set(data.map((row) => row.location_id)).size).toBe(5)
})
