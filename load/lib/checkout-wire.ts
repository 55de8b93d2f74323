import { type CheckoutPlan, loadPincode } from './checkout-plan.ts'

const address = {
  first_name: 'Asha',
  last_name: 'Example',
  email: 'asha@shop.example',
  mobile: '9000000001',
  phone: '9000000001',
  address1: '1 Example Road',
  address2: '',
  city: 'Bengaluru',
  state: 'Karnataka',
  country: 'India',
  pincode: loadPincode,
}

/** Body of F3 (fynd.md 4, F3). */
export const renderServiceability = (plan: CheckoutPlan) => ({
  to_pincode: loadPincode,
  payment_mode: plan.paymentMode,
  order_value: plan.sku.priceEffective,
  cart_items: [{ sku_code: plan.sku.sku, quantity: 1, price_effective: plan.sku.priceEffective }],
})

/** Body of F4: one bag of one piece (fynd.md 4, F4). */
export function renderOrder(plan: CheckoutPlan, affiliateId: string) {
  const { sku, size, priceMarked, priceEffective } = plan.sku
  return {
    affiliate_id: affiliateId,
    order_info: {
      affiliate_order_id: plan.orderId,
      payment_mode: plan.paymentMode,
      order_value: priceEffective,
      cod_charges: 0,
      delivery_charges: 0,
      discount: 0,
      shipping_address: address,
      billing_address: address,
      bags: [
        {
          affiliate_bag_id: bagIdOf(plan),
          sku,
          seller_identifier: sku,
          item_size: size,
          quantity: 1,
          price_marked: priceMarked,
          price_effective: priceEffective,
          unit_price: priceEffective,
          amount_paid: priceEffective,
          discount: 0,
          delivery_charge: 0,
          transfer_price: priceEffective,
        },
      ],
    },
  }
}

/** Body of the gateway's initiate; nobody listens at the URLs, because the run switches callback and webhook off. */
export const renderInitiate = (plan: CheckoutPlan, fyndOrderId: string) => ({
  merchant_order_id: plan.orderId,
  fynd_order_id: fyndOrderId,
  amount_minor: amountMinorOf(plan),
  currency: 'INR',
  return_url: 'http://127.0.0.1:9/gateway/callback',
  webhook_url: 'http://127.0.0.1:9/gateway/webhook',
})

/** Body of F5 (fynd.md 4, F5). */
export const renderConfirmation = (plan: CheckoutPlan, fyndOrderId: string, paymentId: string) => ({
  order_id: fyndOrderId,
  payment_methods: [
    {
      mode: 'PREPAID',
      amount: plan.sku.priceEffective,
      name: 'Online payment',
      meta: {
        order_id: fyndOrderId,
        payment_id: paymentId,
        payment_gateway: 'payment-gateway',
        current_status: 'captured',
      },
    },
  ],
})

/** What a client says was acknowledged to it: the judge wants each of these to exist exactly once. */
export const renderClaim = (plan: CheckoutPlan, fyndOrderId: string) => ({
  orders: [
    {
      id: plan.orderId,
      partner: 'fynd',
      partner_order_id: fyndOrderId,
      status: 'processed',
      acknowledged: true,
      payment_mode: plan.paymentMode,
      items: [
        {
          id: bagIdOf(plan),
          partner_item_id: null,
          sku: plan.sku.sku,
          quantity: 1,
          status: null,
        },
      ],
    },
  ],
})

const bagIdOf = (plan: CheckoutPlan) => `${plan.orderId}-1`

/** Paise, rounded because 1299.5 is a float. */
const amountMinorOf = (plan: CheckoutPlan) => Math.round(plan.sku.priceEffective * 100)
