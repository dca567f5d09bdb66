/**
 * Error codes that any kind may be answered with. Source: tables of import error codes, 202205
 * edition, and of export error codes, 2018 edition, in our own words.
 */
import type { ErrorTable } from './table.ts'

export const everyKind: Omit<ErrorTable, 'kind'> = {
  codes: [
    ['-10101', 'data', '企业类型无效', 'Enterprise type not valid', 'enterprise-wrong'],
    ['-10102', 'data', '企业代码无效', 'Enterprise code not valid', 'enterprise-wrong'],
  ],
  seen: [['-451', 'data', '申报失败', 'Declaration failed']],
  ranges: [
    {
      first: -10_100,
      last: -10_200,
      sort: 'data',
      zh: '企业信息有误',
      en: 'Enterprise information wrong',
      cause: 'enterprise-wrong',
    },
  ],
}
