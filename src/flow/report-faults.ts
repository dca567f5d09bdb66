/** Why a report cannot be published: code, texts and cures. */
import type { Fault, Text } from '../kernel/fault.ts'

const table = {
  'month-NOT_OVER': {
    text: {
      zh: '该月在数据截止时刻尚未结束',
      en: 'The month had not ended at the as-of moment',
    },
    cure: {
      zh: '月度结束（北京时间）后再发布；之前可用 yuguan report 生成草稿',
      en: 'Publish after its end (China time); until then `yuguan report` makes a draft',
    },
  },
  'asOf-IN_FUTURE': {
    text: { zh: '数据截止时刻在将来', en: 'The as-of moment lies in the future' },
    cure: { zh: '省略 asOf，即以现在为准', en: 'Leave asOf out to take the present moment' },
  },
  'asOf-BEFORE_LAST': {
    text: {
      zh: '数据截止时刻不晚于上一版',
      en: 'The as-of moment is not later than that of the edition before',
    },
    cure: {
      zh: '用更晚的时刻，或省略 asOf；旧版可直接查阅',
      en: 'Use a later moment, or leave asOf out; earlier editions can be read as they are',
    },
  },
  'month-EDITIONS_FULL': {
    text: { zh: '该月的版次已达上限', en: 'The month has as many editions as it may have' },
    cure: { zh: '查阅已有版次', en: 'Read the editions there are' },
  },
} as const satisfies Readonly<Record<string, { readonly text: Text; readonly cure: Text }>>

export type ReportFault = keyof typeof table

export const reportFault = (what: ReportFault): Fault => ({
  code: `REPORT-${what}`,
  pointer: `/${what.slice(0, what.indexOf('-'))}`,
  severity: 'error',
  ...table[what],
})
