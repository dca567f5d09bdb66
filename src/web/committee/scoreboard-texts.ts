/** Texts of the policy's scoreboard. */
import type { Text } from '../../kernel/fault.ts'

export const scoreboardTexts = {
  scoreboard: { zh: '政策指标', en: "The policy's scoreboard" },
  on: { zh: '截至日', en: 'On' },
  aim: { zh: '目标 {range}', en: 'aim {range}' },
  aimed: { zh: '目标', en: 'Aim' },
  noAim: { zh: '目标数未知', en: 'aim not known' },
  below: { zh: '未达到', en: 'Below its aim' },
  within: { zh: '已达到', en: 'Reached' },
  above: { zh: '超过目标', en: 'Above its aim' },
  noFigure: { zh: '没有可对照的目标数', en: 'No figure to hold it against' },
  missing: { zh: '还差 {n}', en: '{n} to go' },
  due: { zh: '期限', en: 'due' },
  confidence: { zh: '可信度', en: 'confidence' },
  count: { zh: '现数', en: 'Count' },
  stands: { zh: '结论', en: 'Stands' },
  source: { zh: '依据', en: 'Source' },
  back: { zh: '全部指标', en: 'All indicators' },
  enterprises: { zh: '计入的企业', en: 'Enterprises that count' },
  enterprise: { zh: '企业', en: 'Enterprise' },
  code: { zh: '代码', en: 'Code' },
  subject: { zh: '对象', en: 'Subject' },
  since: { zh: '有效期', en: 'In force' },
  note: { zh: '备注', en: 'Note' },
  none: { zh: '没有企业计入', en: 'No enterprise counts' },
  noneNote: {
    zh: '由运营方为企业登记标签后计入。',
    en: 'An enterprise counts once the operator gives it the tag.',
  },
} as const satisfies Readonly<Record<string, Text>>
