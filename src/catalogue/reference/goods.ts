/**
 * Reference tables about goods: the positive list of retail import, bans of sale, and the statutory
 * units of tariff codes. All of them are empty until an operator loads an edition: the published
 * lists were not at hand in a form to rely on, and an empty table says nothing.
 */
import {
  note,
  type ReferenceColumn,
  type ReferenceTable,
  source,
  unitColumn,
  validFrom,
  validTo,
} from './table.ts'

const goodsName: ReferenceColumn = {
  name: 'name',
  zh: '商品名称',
  en: 'name of the goods',
  as: 'text',
}

/**
 * 跨境电子商务零售进口商品清单. An edition is published as a whole and has lines of 8 digits; a remark
 * may narrow a line or cap what one person may buy of it in a year (sugar 2 kg, rice 20 kg).
 */
export const positiveList: ReferenceTable = {
  name: 'positive-list',
  zh: '跨境电商零售进口商品清单',
  en: 'positive list of retail import',
  table: 'positive_list',
  columns: [
    {
      name: 'hs',
      zh: '税则号列',
      en: 'tariff line',
      as: 'text',
      required: true,
      form: { pattern: /^\d{8}$/, zh: '8 位数字', en: '8 digits' },
    },
    goodsName,
    { name: 'remark', zh: '说明', en: 'remark', as: 'text' },
    {
      name: 'yearlyCap',
      zh: '每人每年限量',
      en: 'cap a person and year',
      as: 'decimal',
      digits: 19,
      fraction: 5,
    },
    unitColumn('capUnit', '限量单位', 'unit of the cap'),
    validFrom,
    source,
  ],
  key: ['validFrom', 'hs'],
  dating: 'edition',
  hs: 'hs',
  problem: (row) =>
    (row.yearlyCap === null) === (row.capUnit === '')
      ? undefined
      : {
          column: row.yearlyCap === null ? 'yearlyCap' : 'capUnit',
          text: { zh: '限量与限量单位须同时填写', en: 'A cap and its unit are given together' },
          cure: { zh: '补填另一项，或两项都留空', en: 'Give the other one, or neither' },
        },
}

/** Goods that may not be sold this way. What a row gives must all be true of a line. */
export const saleBans: ReferenceTable = {
  name: 'sale-bans',
  zh: '禁止销售的商品',
  en: 'bans of sale',
  table: 'sale_ban',
  columns: [
    {
      name: 'hs',
      zh: '税号（前若干位）',
      en: 'first digits of the tariff code',
      as: 'text',
      form: { pattern: /^\d{2,10}$/, zh: '2–10 位数字', en: '2 to 10 digits' },
    },
    {
      ...goodsName,
      zh: '名称字词（竖线分隔）',
      en: 'words in the name of the goods, with bars between them',
      // Part of the key, and an index takes 2,700 bytes at most.
      max: 200,
    },
    {
      name: 'country',
      zh: '原产国（地区）',
      en: 'country of origin',
      as: 'text',
      form: { pattern: /^\d{3}$/, zh: '三位国别代码', en: 'a country code of 3 digits' },
    },
    validFrom,
    validTo,
    { name: 'reason', zh: '原因', en: 'reason', as: 'text', required: true },
    source,
  ],
  key: ['hs', 'name', 'country', 'validFrom'],
  dating: 'row',
  problem: (row) =>
    row.hs !== '' || row.name !== '' || row.country !== ''
      ? undefined
      : {
          column: 'hs',
          text: {
            zh: '税号、名称、原产国都为空，会禁止一切商品',
            en: 'Code, name and country are all empty: the row would ban everything',
          },
          cure: { zh: '至少填写其中一项', en: 'Give at least one of them' },
        },
}

/** Statutory units of a tariff code; a row of fewer digits stands for all codes that begin so. */
export const hsUnits: ReferenceTable = {
  name: 'hs-units',
  zh: '商品编码的法定计量单位',
  en: 'statutory units of tariff codes',
  table: 'hs_unit',
  columns: [
    {
      name: 'hs',
      zh: '商品编码',
      en: 'tariff code',
      as: 'text',
      required: true,
      form: { pattern: /^\d{8}(?:\d{2})?$/, zh: '8 位或 10 位数字', en: '8 or 10 digits' },
    },
    goodsName,
    { ...unitColumn('unit1', '法定第一单位', 'first statutory unit'), required: true },
    unitColumn('unit2', '法定第二单位', 'second statutory unit'),
    validFrom,
    validTo,
    source,
    note,
  ],
  key: ['hs', 'validFrom'],
  dating: 'row',
  hs: 'hs',
}
