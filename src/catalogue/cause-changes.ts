/**
 * What the cure of a cause allows to change in the refused document: nothing at all, or anything but
 * some fields. Source: the cures themselves (`causes/`); what forbids a correction there is listed here.
 */
import type { CauseName } from './causes/index.ts'

/**
 * Nothing in the document is wrong: it goes again with the same content, at once or as soon as what
 * stands outside it (a system, a certificate, a permission) is mended.
 */
const UNCHANGED: ReadonlySet<string> = new Set<CauseName>([
  ...(['system', 'quota-system', 'not-sent-on', 'not-forwarded', 'reload-needed'] as const),
  ...(['auth', 'no-permission', 'not-registered', 'empty-body'] as const),
  ...(['signature', 'signature-missing', 'signature-not-kept', 'signature-differs'] as const),
  ...(['exchange-form', 'exchange-security', 'exchange-routing', 'exchange-system'] as const),
])

export const goesUnchanged = (cause: string | undefined): boolean =>
  cause !== undefined && UNCHANGED.has(cause)

/** Who buys and who pays: a purchase above somebody's limit is not declared as somebody else's. */
const BUYER: Readonly<Record<string, readonly string[]>> = {
  CEB311: ['buyerName', 'buyerIdType', 'buyerIdNumber'],
  CEB411: ['payerName', 'payerIdType', 'payerIdNumber'],
  CEB621: ['buyerName', 'buyerIdType', 'buyerIdNumber'],
  CEB623: ['buyerName', 'buyerIdType', 'buyerIdNumber'],
  CEB625: ['buyerName', 'buyerIdType', 'buyerIdNumber'],
}

/** Fields, by kind of document, that a cure forbids to correct: they are looked at, and stay. */
export const keptFields: Readonly<
  Partial<Record<CauseName, Readonly<Record<string, readonly string[]>>>>
> = {
  'yearly-limit': BUYER,
  'quota-exceeded': BUYER,
}

/** Those of one kind; none for a cause that forbids nothing. */
export const keptFieldsOf = (cause: string | undefined, kind: string): readonly string[] =>
  cause !== undefined && isKeeping(cause) ? (keptFields[cause]?.[kind] ?? []) : []

const isKeeping = (cause: string): cause is keyof typeof keptFields =>
  Object.hasOwn(keptFields, cause)
