/** What mandates may be given for: every kind of document, and data that is no message of customs. */
import { bondedBook } from './bonded-book.ts'
import { declarations } from './index.ts'
import { originalPayment } from './original-payment.ts'
import { settlement } from './settlement.ts'

/** Beside kinds of documents. */
export const otherSubjects = [originalPayment, bondedBook, settlement] as const

/** Codes of all of them, kinds of documents first. */
export const mandateSubjects: readonly string[] = [
  ...declarations.map(({ code }) => code),
  ...otherSubjects.map(({ code }) => code),
]
