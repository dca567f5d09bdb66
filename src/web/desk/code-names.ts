/** Codes of customs' tables as people read them; a code that no table has stands alone. */
import { type CodeListId, findCodeList } from '../../catalogue/code-lists/index.ts'
import type { Lang } from '../texts.ts'

/** `502 美元`, `502 USD`: the code first, because files and messages carry it. */
export const codeText = (list: CodeListId, code: string, lang: Lang): string => {
  const row = findCodeList(list)?.rows.find((each) => each.code === code)
  if (row === undefined) return code
  const name = lang === 'zh' ? row.zh : (row.letters?.[0] ?? row.en)
  return name === undefined ? code : `${code} ${name}`
}
