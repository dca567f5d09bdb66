/**
 * Reference tables of what the city aims at: the year's trade and settlement, of the city and of its
 * zones; tags of enterprises; and the indicators of the policy that count them. A year or an indicator
 * without a published figure has no row: nothing is made up.
 */
import { indicatorCounts, tags } from '../scoreboard.ts'
import { zones } from '../zones/index.ts'
import {
  confidence,
  note,
  type ReferenceColumn,
  type ReferenceTable,
  source,
  validFrom,
  validTo,
} from './table.ts'

export const targets: ReferenceTable = {
  name: 'targets',
  zh: '年度目标',
  en: "the year's targets",
  table: 'target',
  history: 'target_edition',
  columns: [
    {
      name: 'year',
      zh: '年度',
      en: 'year',
      as: 'text',
      required: true,
      form: {
        pattern: /^20\d\d$/,
        zh: '四位年份，如 2022',
        en: 'a year of 4 digits, such as 2022',
      },
    },
    {
      name: 'zone',
      zh: '监管区域（空为全市）',
      en: 'zone; blank is the city',
      as: 'text',
      values: zones.map(({ code }) => code),
    },
    {
      name: 'amount',
      zh: '金额（元）',
      en: 'amount in CNY',
      as: 'decimal',
      required: true,
      digits: 19,
      fraction: 2,
    },
    validFrom,
    validTo,
    confidence,
    source,
    note,
  ],
  key: ['year', 'zone', 'validFrom'],
  dating: 'row',
  problem: ({ amount }) =>
    amount === '0'
      ? {
          column: 'amount',
          text: { zh: '目标为零', en: 'The target is nothing' },
          cure: {
            zh: '填写大于零的金额；取消目标请填写失效日',
            en: 'Give an amount above zero; a target that ends gets a last day',
          },
        }
      : undefined,
}

const tagColumn: ReferenceColumn = {
  name: 'tag',
  zh: '标签',
  en: 'tag',
  as: 'text',
  required: true,
  form: {
    pattern: /^[a-z][a-z0-9-]{1,39}$/,
    zh: `小写字母、数字和连字符，如 ${tags[0]}`,
    en: `small letters, digits and hyphens, such as ${tags[0]}`,
  },
}

/** What enterprises count as is told to operators alone: it speaks of others. */
export const enterpriseTags: ReferenceTable = {
  name: 'enterprise-tags',
  zh: '企业标签',
  en: 'tags of enterprises',
  table: 'enterprise_tag',
  history: 'enterprise_tag_edition',
  sight: 'operator',
  known: { column: 'enterprise', table: 'enterprise', key: 'id' },
  columns: [
    {
      name: 'enterprise',
      zh: '企业编号',
      en: 'id of the enterprise',
      as: 'text',
      required: true,
      max: 64,
    },
    tagColumn,
    {
      name: 'subject',
      zh: '对象（如海外仓名称；空为企业本身）',
      en: 'what is meant, such as the name of a warehouse; blank is the enterprise',
      as: 'text',
      max: 200,
    },
    validFrom,
    validTo,
    confidence,
    source,
    note,
  ],
  key: ['enterprise', 'tag', 'subject', 'validFrom'],
  dating: 'row',
}

const bound = (name: string, zh: string, en: string): ReferenceColumn => ({
  ...{ name, zh, en, as: 'decimal', digits: 9, fraction: 0 },
})

export const indicators: ReferenceTable = {
  name: 'scoreboard',
  zh: '政策指标',
  en: 'indicators of the policy',
  table: 'scoreboard_indicator',
  columns: [
    {
      name: 'indicator',
      zh: '指标代码',
      en: 'code of the indicator',
      as: 'text',
      required: true,
      form: {
        pattern: /^[a-z][a-z0-9-]{1,39}$/,
        zh: '小写字母、数字和连字符',
        en: 'small letters, digits and hyphens',
      },
    },
    { name: 'zh', zh: '名称', en: 'name in Chinese', as: 'text', required: true },
    { name: 'en', zh: '英文名称', en: 'name in English', as: 'text', required: true },
    tagColumn,
    {
      name: 'counts',
      zh: '计数对象',
      en: 'what is counted',
      as: 'text',
      required: true,
      values: indicatorCounts,
    },
    bound('lowest', '目标下限', 'the least that is aimed at'),
    bound('highest', '目标上限', 'the most that is aimed at'),
    { name: 'due', zh: '目标日期', en: 'day it is aimed at for', as: 'date' },
    validFrom,
    validTo,
    confidence,
    source,
    note,
  ],
  key: ['indicator', 'validFrom'],
  dating: 'row',
  problem: ({ lowest, highest }) =>
    typeof lowest === 'string' && typeof highest === 'string' && Number(highest) < Number(lowest)
      ? {
          column: 'highest',
          text: { zh: '目标上限小于下限', en: 'The most is below the least' },
          cure: { zh: '更正其中一个数', en: 'Correct one of the two' },
        }
      : undefined,
}
