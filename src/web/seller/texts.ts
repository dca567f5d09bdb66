/** Texts of the seller's desk. */
import type { Text } from '../../kernel/fault.ts'

export const sellerTexts = {
  seller: { zh: '企业办单', en: 'Seller' },
  overview: { zh: '概览', en: 'Overview' },
  documents: { zh: '单证', en: 'Documents' },
} as const satisfies Readonly<Record<string, Text>>
