/** What an API key may, in words; the code beside it is what the interface calls it. */
import type { Text } from '../../kernel/fault.ts'
import { type Lang, listed } from '../texts.ts'

const names: Readonly<Record<string, Text>> = {
  'documents:write': { zh: '提交单证', en: 'hand in documents' },
  'documents:read': { zh: '查看单证', en: 'read documents' },
  'totals:read': { zh: '查看统计', en: 'read figures' },
  operator: { zh: '运营', en: 'operate' },
}

export const scopeName = (scope: string, lang: Lang): string => names[scope]?.[lang] ?? scope

export const scopesText = (scopes: readonly string[], lang: Lang): string =>
  listed(
    scopes.map((scope) => scopeName(scope, lang)),
    lang,
  )
