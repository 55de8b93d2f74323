import { Hono } from 'hono'
import { z } from 'zod'
import { type Checkout, cartLinesMax, takeAddress, takeCoupon } from '../checkout.ts'
import { showProduct } from '../products.ts'
import type { Site } from '../site.ts'
import { customerOf, page, readJson, type ShopEnv } from './door.ts'

const cartShape = z.object({
  items: z
    .array(z.object({ sku: z.string().min(1).max(100), quantity: z.int().min(1).max(20) }))
    .max(cartLinesMax),
})

const text = (max: number) => z.string().trim().min(1).max(max)

const addressShape = z.object({
  first_name: text(60),
  last_name: text(60),
  email: z.email().max(120),
  mobile: z.string().regex(/^[0-9]{10}$/, 'ten digits'),
  address1: text(200),
  address2: z.string().trim().max(200).default(''),
  city: text(80),
  state: text(80),
  country: text(60),
  pincode: z.string().regex(/^[1-9][0-9]{5}$/, 'six digits, the first one not 0'),
})

const couponShape = z.object({ code: text(40).nullable() })

const paymentShape = z.object({ payment_mode: z.enum(['COD', 'PREPAID']) })

/** The storefront (kartify.md 11). */
export function shopRoutes(site: Site, checkout: Checkout) {
  return new Hono<ShopEnv>()
    .get('/shop/products', (c) =>
      c.json({
        products: site.range
          .products()
          .map(({ id }) => showProduct(site.storage, site.range, id, site.safetyStock())),
      }),
    )
    .get('/shop/products/:id', (c) =>
      c.json(showProduct(site.storage, site.range, c.req.param('id'), site.safetyStock())),
    )
    .post('/shop/cart', async (c) => {
      const customer = customerOf(c)
      const { items } = await readJson(c, cartShape)
      return page(c, await checkout.showCart(customer, items, c.get('visit')))
    })
    .post('/shop/cart/coupon', async (c) => {
      const customer = customerOf(c)
      const { code } = await readJson(c, couponShape)
      return page(c, takeCoupon(site, customer, code))
    })
    .post('/shop/checkout/address', async (c) => {
      const customer = customerOf(c)
      return page(c, takeAddress(site, customer, await readJson(c, addressShape)))
    })
    .post('/shop/checkout/payment-method', async (c) => {
      const customer = customerOf(c)
      const { payment_mode: mode } = await readJson(c, paymentShape)
      return page(c, await checkout.choosePayment(customer, mode, c.get('visit')))
    })
    .get('/shop/checkout/confirm', async (c) =>
      page(c, await checkout.showConfirm(customerOf(c), c.get('visit'))),
    )
    .post('/shop/checkout/confirm', async (c) =>
      page(c, await checkout.clickConfirm(customerOf(c), c.get('visit'))),
    )
}
