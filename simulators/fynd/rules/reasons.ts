/** One reason to choose from, in the public shape (facts/fynd.md F7). */
export interface CustomerReason {
  id: number
  display_name: string
  meta: { show_text_area: boolean }
  qc_type: string[]
  question_set: { id: number; display_name: string }[]
  reasons: CustomerReason[]
}

const reason = (
  id: number,
  display_name: string,
  differences: Partial<CustomerReason> = {},
): CustomerReason => ({
  id,
  display_name,
  meta: { show_text_area: false },
  qc_type: [],
  question_set: [],
  reasons: [],
  ...differences,
})

const others = reason(87, 'Others', { meta: { show_text_area: true } })

/** Texts and numbers 84 to 87 are public samples; those of returns are ASSUMED. */
const reasons: Readonly<Record<string, readonly CustomerReason[]>> = {
  cancelled_customer: [
    reason(84, 'Changed my mind'),
    reason(85, 'Delivery address is wrong'),
    reason(86, 'Found better price elsewhere'),
    others,
  ],
  return_initiated: [
    reason(101, 'Size or fit issue', {
      qc_type: ['pre_qc'],
      reasons: [reason(102, 'Too small'), reason(103, 'Too large')],
    }),
    reason(104, 'Item is damaged', {
      qc_type: ['doorstep_qc'],
      question_set: [{ id: 1, display_name: 'Is the seal broken?' }],
    }),
    reason(84, 'Changed my mind'),
    others,
  ],
  return_request_cancelled: [reason(84, 'Changed my mind'), others],
}

export const reasonsFor = (state: string): readonly CustomerReason[] =>
  Object.hasOwn(reasons, state) ? (reasons[state] ?? []) : []
