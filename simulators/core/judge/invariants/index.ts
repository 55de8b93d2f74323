import type { Invariant } from '../invariant.ts'
import { callsUnderstood } from './calls-understood.ts'
import { channelOrderKnownOnce } from './channel-order-known-once.ts'
import { deliveriesAccounted } from './deliveries-accounted.ts'
import { itemStatusAgrees } from './item-status-agrees.ts'
import { neverOversold } from './never-oversold.ts'
import { noSimulatorBug } from './no-simulator-bug.ts'
import { orderBelongs } from './order-belongs.ts'
import { orderExistsOnce } from './order-exists-once.ts'
import { paidMeansPlacedOrRefunded } from './paid-means-placed-or-refunded.ts'
import { quantityAgrees } from './quantity-agrees.ts'
import { refundedOnce } from './refunded-once.ts'
import { stockConserved } from './stock-conserved.ts'

/** The laws, in the order in which a report lists them (design 7). */
export const invariants: readonly Invariant[] = [
  stockConserved,
  neverOversold,
  orderExistsOnce,
  orderBelongs,
  channelOrderKnownOnce,
  paidMeansPlacedOrRefunded,
  refundedOnce,
  quantityAgrees,
  itemStatusAgrees,
  deliveriesAccounted,
  callsUnderstood,
  noSimulatorBug,
]
