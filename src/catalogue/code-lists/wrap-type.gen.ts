// Made by scripts/generate-code-lists.ts from wrap-type.csv; change that and run it again.
import type { CodeListFacts } from './list.ts'

export const wrapType: CodeListFacts = {
  id: 'wrapType',
  zh: '包装种类代码',
  en: 'kinds of package',
  asOf: '2022-05',
  confidence: 'medium: the 202205 text names the kinds in this order, a port program numbers them so',
  sources: [
    'field tables of the 202205 edition (names and order)',
    'screen of a port operations program (numbers)',
  ],
  complete: false,
  reason: { zh: '包装种类的编号未见官方代码表，可能不全；确认海关使用该代码后可照常提交', en: 'No official table of these numbers was published; one that customs uses can be sent as it is' },
  note: 'The element holds one character, so the two-character kinds of 2018 (00, 01, 22 …) do not fit.',
  count: 7,
  rows: [
    { code: '1', zh: '木箱' },
    { code: '2', zh: '纸箱', aliases: ['carton', '纸盒'] },
    { code: '3', zh: '桶装', aliases: ['桶'] },
    { code: '4', zh: '散装' },
    { code: '5', zh: '托盘', aliases: ['pallet'] },
    { code: '6', zh: '包' },
    { code: '7', zh: '其他', aliases: ['其它'] },
  ],
}
