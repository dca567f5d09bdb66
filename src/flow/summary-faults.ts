/** Why a summary cannot be built as asked: code, texts and cures. */
import type { Fault, Text } from '../kernel/fault.ts'

const table = {
  AGENT_NOT_CHOSEN: {
    text: {
      zh: '该月有多家申报企业的清单待汇总',
      en: 'Lists of several declarants are due for this month',
    },
    cure: {
      zh: '在 agentCode 中指明申报企业代码，逐家汇总',
      en: 'Name the declarant in agentCode, one at a time',
    },
  },
  NUMBERS_EXHAUSTED: {
    text: {
      zh: '该月、该企业、该关区的汇总申请次数过多',
      en: 'Too many summaries were made for this month, merchant and office',
    },
    cure: {
      zh: '自行编号，经 /api/v1/documents 提交',
      en: 'Number it yourself and hand it in at /api/v1/documents',
    },
  },
} as const satisfies Readonly<Record<string, { readonly text: Text; readonly cure: Text }>>

export const summaryFault = (kind: string, what: keyof typeof table, pointer: string): Fault => ({
  code: `${kind}-${what}`,
  pointer,
  severity: 'error',
  ...table[what],
})
