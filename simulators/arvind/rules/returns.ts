import {
  type ArvindContext,
  type Item,
  type Neft,
  type Order,
  pincodeOf,
  type Return,
  refused,
  rulesOf,
} from '../state.ts'
import { findItem, type Outcome } from './cancellation.ts'
import { isInReturn } from './item-machine.ts'
import { moveItems } from './moves.ts'

export interface ReturnLine {
  itemId: string
  quantity?: number | null | undefined
  skuId?: string | null | undefined
  reasonId?: string | number | null | undefined
  comment?: string | null | undefined
  returnMode: 'PICKUP' | 'STORE'
}

/** As a client sends it; any field may be missing. */
export type NeftDetails = Partial<Record<(typeof neftFields)[number], string | null>>

const neftFields = [
  'customerName',
  'bankName',
  'branchName',
  'branchAddress',
  'accountNature',
  'accountNumber',
  'ifscCode',
] as const

export interface ReturnRequest {
  lines: readonly ReturnLine[]
  /** Where the courier shall fetch it; undefined: where it was delivered. */
  pincode: string | undefined
  neft: NeftDetails | null | undefined
}

export interface ReturnOutcome extends Outcome {
  record: Return | null
}

const dayMs = 86_400_000
// IFSC: four letters, a zero, six letters or digits (facts/arvind.md 3.6); in any case (8).
const ifscForm = /^[A-Z]{4}0[A-Z0-9]{6}$/
const accountForm = /^[0-9]{9,18}$/

/**
 * A customer's return (facts/arvind.md 3.6): eligible items are taken back, the others say why not. COD needs NEFT details, without which
 * nothing is taken back. Refuses before anything changes.
 */
export function returnItems(
  ctx: ArvindContext,
  order: Order,
  request: ReturnRequest,
): ReturnOutcome[] {
  const seen = new Set<Item>()
  const outcomes = request.lines.map((line) => {
    const item = findItem(order, line.itemId, line.skuId)
    const isTwice = item !== undefined && seen.has(item)
    if (item) seen.add(item)
    const code = isTwice ? 'ALREADY_RETURNED' : whyNot(ctx, order, item, line, request.pincode)
    return { line, item, code }
  })
  const isAny = outcomes.some(({ code }) => code === null)
  const neft = isAny ? readNeft(ctx, order, request.neft) : null
  return outcomes.map(({ line, item, code }) => {
    const record = item && code === null ? open(ctx, order, item, line, neft) : null
    return { itemReference: line.itemId, item, code, record }
  })
}

function open(
  ctx: ArvindContext,
  order: Order,
  item: Item,
  line: ReturnLine,
  neft: Neft | null,
): Return {
  const random = ctx.random('ids/arvind.return')
  const record: Return = {
    id: `RT${random.digits(10)}`,
    returnConsignmentId: `RC${random.digits(10)}`,
    itemReference: item.itemReference,
    mode: line.returnMode,
    reasonId: line.reasonId == null ? null : String(line.reasonId),
    neft,
    createdAtMs: ctx.nowMs,
  }
  order.returns.push(record)
  item.returnId = record.id
  moveItems(ctx, order, [item], {
    to: 'RETURN_REQUESTED',
    reason: record.reasonId ?? undefined,
    comment: line.comment ?? undefined,
  })
  return record
}

function whyNot(
  ctx: ArvindContext,
  order: Order,
  item: Item | undefined,
  line: ReturnLine,
  pickupPincode: string | undefined,
): string | null {
  if (!item) return 'ITEM_NOT_FOUND'
  if (isInReturn(item.status)) return 'ALREADY_RETURNED'
  if (item.status !== 'DELIVERED' || item.deliveredAtMs === null) return 'NOT_DELIVERED'
  // ASSUMED: a line goes back as a whole, as it was sent.
  const { quantity } = line
  if (quantity !== null && quantity !== undefined && quantity !== item.quantity) {
    return 'NOT_RETURNABLE'
  }
  if (!rulesOf(ctx, item.skuId).returnable) return 'NOT_RETURNABLE'
  if (ctx.nowMs > item.deliveredAtMs + ctx.assumptions.return_window_days * dayMs) {
    return 'RETURN_WINDOW_CLOSED'
  }
  if (line.returnMode === 'STORE') return null
  const place = pincodeOf(ctx, pickupPincode ?? order.pincode)
  return place?.reverse ? null : 'REVERSE_PICKUP_NOT_SERVICEABLE'
}

/** The bank details of a COD order, checked; null for a prepaid one. Whether the order is COD is Arvind's to know, not the caller's. */
function readNeft(
  ctx: ArvindContext,
  order: Order,
  given: NeftDetails | null | undefined,
): Neft | null {
  if (!order.isCod) {
    if (given && ctx.assumptions.neft_for_prepaid === 'refuse') {
      throw refused('NEFT_NOT_ALLOWED', 'A prepaid order takes no NEFT details')
    }
    return null
  }
  const missing = neftFields.filter((field) => !given?.[field]?.trim())
  if (!given || missing.length > 0) {
    throw refused('NEFT_REQUIRED', `NEFT details are missing: ${missing.join(', ')}`)
  }
  const account = (given.accountNumber ?? '').replace(/\s/g, '')
  if (!accountForm.test(account)) {
    throw refused('INVALID_ACCOUNT_NUMBER', 'The account number must have 9 to 18 digits')
  }
  const ifscCode = (given.ifscCode ?? '').trim().toUpperCase()
  if (!ifscForm.test(ifscCode)) {
    throw refused('INVALID_IFSC', 'An IFSC has four letters, a zero, and six letters or digits')
  }
  return {
    customerName: given.customerName ?? '',
    bankName: given.bankName ?? '',
    accountNature: given.accountNature ?? '',
    maskedAccount: account.slice(-4).padStart(account.length, 'X'),
    ifscCode,
  }
}
