/** Reference tables that a start seeds and operators edit: figures of rules, and days of rest. */
import { type RuleName, ruleValues } from '../rule-values.ts'
import { ruleCodes } from '../rules/index.ts'
import {
  confidence,
  note,
  type ReferenceTable,
  type RowProblem,
  source,
  validFrom,
  validTo,
} from './table.ts'

const distinct = (values: readonly string[]): readonly string[] => [...new Set(values)]

/** Figures that are words, and the words their readers know. */
const WORDS: Readonly<Partial<Record<RuleName, readonly string[]>>> = {
  'summary-day-moves': ['yes', 'no'],
  'tax-rounding': ['line', 'list'],
  'registration-basis': ['gross', 'net'],
}

/** A figure that is a number stays one: what reads it would otherwise read nothing. */
const isNumber = (text: string): boolean => /^\d+(?:\.\d+)?$/.test(text)

const valueProblem = (name: string, kind: string, value: string): RowProblem | undefined => {
  const seed = ruleValues.find((row) => row.name === name && row.kind === kind)
  if (seed === undefined)
    return {
      column: 'kind',
      text: { zh: '该名称的数值不用于这类单证', en: 'No rule reads this figure for this kind' },
      cure: {
        zh: '名称与单证代码按现有数值填写',
        en: 'Take name and kind from the figures that are there',
      },
    }
  const words = WORDS[seed.name]
  if (words?.includes(value) === false)
    return {
      column: 'value',
      text: { zh: '该数值只能取约定的词', en: 'This figure is one of a few words' },
      cure: { zh: `填写 ${words.join(' 或 ')}`, en: `Give ${words.join(' or ')}` },
    }
  if (words !== undefined || !isNumber(seed.value) || isNumber(value)) return undefined
  return {
    column: 'value',
    text: { zh: '该数值应为数字', en: 'This figure is a number' },
    cure: { zh: '只填数字，不带单位', en: 'Give digits alone, without a unit' },
  }
}

export const figures: ReferenceTable = {
  name: 'rule-values',
  zh: '规则数值',
  en: 'figures of rules',
  table: 'rule_value',
  columns: [
    {
      name: 'name',
      zh: '名称',
      en: 'name',
      as: 'text',
      required: true,
      values: distinct(ruleValues.map(({ name }) => name)),
    },
    {
      name: 'kind',
      zh: '单证代码',
      en: 'kind',
      as: 'text',
      required: true,
      values: distinct(ruleValues.map(({ kind }) => kind)),
    },
    validFrom,
    validTo,
    { name: 'value', zh: '数值', en: 'value', as: 'text', required: true },
    confidence,
    source,
    note,
  ],
  key: ['name', 'kind', 'validFrom'],
  dating: 'row',
  problem: ({ name, kind, value }) => valueProblem(String(name), String(kind), String(value)),
}

/** How severe rules are by default; what enterprises chose for themselves is no part of it. */
export const ruleEditions: ReferenceTable = {
  name: 'rule-editions',
  zh: '规则的处理方式',
  en: 'severity of rules',
  table: 'rule_edition',
  columns: [
    { name: 'rule', zh: '规则', en: 'rule', as: 'text', required: true, values: ruleCodes },
    validFrom,
    validTo,
    {
      name: 'severity',
      zh: '处理方式',
      en: 'severity',
      as: 'text',
      required: true,
      values: ['refuse', 'hold', 'warn'],
    },
    confidence,
    source,
  ],
  key: ['rule', 'validFrom'],
  dating: 'row',
}

/** Days that differ from the weekend, by the year's announcement of the State Council. */
export const restDays: ReferenceTable = {
  name: 'rest-days',
  zh: '节假日与调休',
  en: 'days of rest',
  table: 'rest_day',
  columns: [
    { name: 'day', zh: '日期', en: 'day', as: 'date', required: true },
    { name: 'rests', zh: '休息', en: 'rests', as: 'flag', required: true },
    source,
  ],
  key: ['day'],
  dating: 'none',
}
