/** Texts of the wall; figures and steps are told in the words of the first page. */
import type { Text } from '../kernel/fault.ts'

export const wallTexts = {
  title: { zh: '大屏', en: 'Wall' },
  zones: { zh: '各监管区域', en: 'Zones' },
  months: { zh: '各月', en: 'Months' },
  flow: { zh: '单证流转', en: 'Documents under way' },
  waiting: { zh: '尚无放行', en: 'Nothing released yet' },
} as const satisfies Readonly<Record<string, Text>>
