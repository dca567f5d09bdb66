/**
 * The explicit list of all tables of error codes. A kind whose codes are published has one file here
 * and one line; a kind without is answered by what holds for every kind.
 */
import { arrivalErrors } from './arrival.ts'
import { departureErrors } from './departure.ts'
import { exportCancellationErrors } from './export-cancellation.ts'
import { exportListErrors } from './export-list.ts'
import { exportOrderErrors } from './export-order.ts'
import { exportWaybillErrors } from './export-waybill.ts'
import { formatErrors } from './format.ts'
import { importCancellationErrors } from './import-cancellation.ts'
import { importListErrors } from './import-list.ts'
import { importReturnErrors } from './import-return.ts'
import { masterNoteErrors } from './master-note.ts'
import { orderErrors } from './order.ts'
import { paymentErrors } from './payment.ts'
import { receiptErrors } from './receipt.ts'
import { siteEntryErrors } from './site-entry.ts'
import { summaryErrors } from './summary.ts'
import type { ErrorTable } from './table.ts'
import { waybillErrors } from './waybill.ts'
import { waybillStatusErrors } from './waybill-status.ts'

export const errorTables: readonly ErrorTable[] = [
  exportOrderErrors,
  receiptErrors,
  exportWaybillErrors,
  arrivalErrors,
  departureErrors,
  exportListErrors,
  exportCancellationErrors,
  masterNoteErrors,
  summaryErrors,
  orderErrors,
  paymentErrors,
  waybillErrors,
  waybillStatusErrors,
  importListErrors,
  importCancellationErrors,
  importReturnErrors,
  siteEntryErrors,
  formatErrors,
]
