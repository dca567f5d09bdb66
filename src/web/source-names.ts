/** What figures rest on, as people call it: kinds of messages by their codes, tables by their names. */
import { referenceTables } from '../catalogue/reference/index.ts'
import type { Text } from '../kernel/fault.ts'
import { type Lang, listed } from './texts.ts'

const OTHERS: Readonly<Record<string, Text>> = {
  settlements: { zh: '结算记录', en: 'settlement records' },
}

export const sourceNames = (sources: readonly string[], lang: Lang): string =>
  listed(
    sources.map((source) => {
      const named = referenceTables.find(({ name }) => name === source) ?? OTHERS[source]
      return named?.[lang] ?? source
    }),
    lang,
  )
