/** What totals measure: which scopes a measure adds up, and its definition in words. */
import { measures } from '../measures.ts'
import { confidence, note, type ReferenceTable, source, validFrom, validTo } from './table.ts'

export const definitions: ReferenceTable = {
  name: 'measures',
  zh: '统计口径定义',
  en: 'definitions of what totals measure',
  table: 'measure',
  history: 'measure_edition',
  columns: [
    {
      name: 'scope',
      zh: '口径',
      en: 'scope',
      as: 'text',
      required: true,
      values: measures.map((measure) => measure.scope),
    },
    {
      name: 'parts',
      zh: '相加的口径，以空格分开',
      en: 'scopes that are added up, with a blank between them',
      as: 'text',
      required: true,
      form: {
        pattern: /^(?:declared|released|settled)(?: (?:declared|released|settled))*$/,
        zh: 'declared、released、settled 之一或几个，如 released settled',
        en: 'one or several of declared, released and settled, such as: released settled',
      },
    },
    { name: 'zh', zh: '定义', en: 'definition in Chinese', as: 'text', required: true, max: 1000 },
    {
      name: 'en',
      zh: '英文定义',
      en: 'definition in English',
      as: 'text',
      required: true,
      max: 1000,
    },
    validFrom,
    validTo,
    confidence,
    source,
    note,
  ],
  key: ['scope', 'validFrom'],
  dating: 'row',
}
