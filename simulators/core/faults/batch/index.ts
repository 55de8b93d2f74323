import type { BatchFault } from '../fault.ts'
import { cursorTooOld } from './cursor-too-old.ts'
import { duplicatePage } from './duplicate-page.ts'
import { jobFailsLater } from './job-fails-later.ts'
import { missingPage } from './missing-page.ts'
import { recordsFail } from './records-fail.ts'
import { recordsOutOfOrder } from './records-out-of-order.ts'
import { tailDropped } from './tail-dropped.ts'

/** Every batch fault, one line each. */
export const batchFaults = [
  cursorTooOld,
  duplicatePage,
  jobFailsLater,
  missingPage,
  recordsFail,
  recordsOutOfOrder,
  tailDropped,
] as readonly BatchFault[]
