import type { BagStatus } from './bag-machine.ts'

/** Texts of the tracking list are public; the others are plain readings of the states (facts/fynd.md 5.1 and F6). */
export const displayTexts: Readonly<Record<BagStatus, string>> = {
  pending: 'Pending',
  payment_failed: 'Payment Failed',
  placed: 'Order Placed',
  bag_not_confirmed: 'Not Confirmed',
  store_reassigned: 'Store Reassigned',
  product_not_available: 'Product Not Available',
  bag_confirmed: 'Order Confirmed',
  bag_invoiced: 'Invoiced',
  dp_not_assigned: 'Delivery Partner Not Assigned',
  dp_assigned: 'Delivery Partner Assigned',
  bag_packed: 'Packed',
  bag_not_picked: 'Not Picked',
  bag_picked: 'In Transit',
  out_for_delivery: 'Out For Delivery',
  delivery_attempt_failed: 'Delivery Attempt Failed',
  rejected_by_customer: 'Rejected By Customer',
  bag_lost: 'Lost',
  delivery_done: 'Delivered',
  handed_over_to_customer: 'Handed Over To Customer',
  cancelled_customer: 'Cancelled By Customer',
  cancelled_fynd: 'Cancelled',
  rto_initiated: 'Return To Origin Initiated',
  rto_in_transit: 'Return To Origin In Transit',
  rto_bag_delivered: 'Returned To Origin',
  rto_bag_accepted: 'Return To Origin Accepted',
  rto_bag_lost: 'Lost On Return To Origin',
  return_initiated: 'Return Initiated',
  return_request_cancelled: 'Return Request Rejected',
  return_dp_assigned: 'Return Delivery Partner Assigned',
  return_dp_cancelled: 'Return Delivery Partner Cancelled',
  out_for_pickup: 'Out For Pickup',
  return_bag_picked: 'Return Picked',
  return_bag_not_picked: 'Return Not Picked',
  return_bag_in_transit: 'Return In Transit',
  return_bag_delivered: 'Return Delivered To Store',
  return_bag_lost: 'Return Lost',
  return_accepted: 'Return Accepted',
  return_rejected_by_store: 'Return Rejected By Store',
  deadstock: 'Dead Stock',
  credit_note_generated: 'Credit Note Generated',
  refund_initiated: 'Refund Initiated',
  refund_done: 'Refund Done',
}

/** What a customer reads instead of states that are the store's own business: "Customer view drops Invoiced and Packed". */
const customerTexts: Partial<Readonly<Record<BagStatus, string>>> = {
  bag_invoiced: displayTexts.bag_confirmed,
  bag_packed: displayTexts.dp_assigned,
  bag_not_confirmed: displayTexts.placed,
  store_reassigned: displayTexts.placed,
  product_not_available: displayTexts.placed,
  dp_not_assigned: displayTexts.bag_confirmed,
  bag_not_picked: displayTexts.dp_assigned,
}

export const customerText = (status: BagStatus): string =>
  customerTexts[status] ?? displayTexts[status]

/** The list that a customer sees beside the parcel, as long as all goes well. */
export const trackingSteps = [
  'placed',
  'bag_confirmed',
  'dp_assigned',
  'bag_picked',
  'out_for_delivery',
  'delivery_done',
] as const satisfies readonly BagStatus[]
