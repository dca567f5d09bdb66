/** Why a list cannot be cancelled or returned, or not so: code, texts and cures in one table. */
import type { Fault, Text } from '../kernel/fault.ts'

export type ActionFault = keyof typeof table

const WAIT = '等待回执后重试' as const

const table = {
  NOT_OFFERED: {
    text: { zh: '这类单证不能这样办理', en: 'Documents of this kind cannot be treated so' },
    cure: {
      zh: '只有进出口清单可以撤销或退货；其他单证请用变更或删除（appType 2、3）',
      en: 'Only lists are cancelled or returned; change or delete others (appType 2 or 3)',
    },
  },
  NUMBER_MISSING: {
    text: {
      zh: '海关尚未给出清单编号，无从指明要办理的清单',
      en: 'Customs has given the list no number yet, so it cannot be named',
    },
    cure: {
      zh: `${WAIT}：清单入库（120）后才有编号；确已从别处得知编号的，可填写该编号（fields）并选择仍然提交（force）`,
      en: 'Wait for the reply: the number comes when customs stores the list (120). If you know it from elsewhere, give it (fields) and choose to hand in all the same (force)',
    },
  },
  ALREADY_RELEASED: {
    text: {
      zh: '海关已放行，不再受理撤销（22007）',
      en: 'Customs has released the list and takes no cancellation any more (22007)',
    },
    cure: {
      zh: '改为申请退货；确知海关仍受理的，可选择仍然提交（force）',
      en: 'Ask for a return instead; if you know that customs still takes it, choose to hand in all the same (force)',
    },
  },
  NO_LONGER: {
    text: {
      zh: '清单已退单、退运或撤销，没有可办理的内容',
      en: 'The list was rejected, sent back or cancelled: nothing is left to be done with it',
    },
    cure: {
      zh: '需要时修改后重新申报清单；我方状态滞后的，可选择仍然提交（force）',
      en: 'Correct the list and hand it in again; if our state is behind, choose to hand in all the same (force)',
    },
  },
  NOT_RELEASED: {
    text: {
      zh: '清单尚未放行，不能申请退货',
      en: 'The list is not released: nothing to return yet',
    },
    cure: {
      zh: '放行前请改为撤销；确知已放行的，可选择仍然提交（force）',
      en: 'Before release ask for a cancellation; if you know that it is released, choose to hand in all the same (force)',
    },
  },
  ALREADY_ASKED: {
    text: {
      zh: '该清单已有撤销申请，正在办理或已通过',
      en: 'A cancellation of this list is under way or approved',
    },
    cure: {
      zh: '等待其结果；确需再次申请的，可选择仍然提交（force）',
      en: 'Wait for its outcome; to ask again all the same, choose to hand in all the same (force)',
    },
  },
  NOTHING_LEFT: {
    text: {
      zh: '已有的退货申请已包含清单全部数量',
      en: 'Earlier returns already take all of the list',
    },
    cure: {
      zh: '核对已有退货申请；其中有误的，先撤回或等待退单',
      en: 'Look at the earlier returns; a wrong one must be withdrawn or rejected first',
    },
  },
  EARLIER_IGNORED: {
    text: {
      zh: '已按要求不计已有的退货申请',
      en: 'Earlier returns were left out of account, as asked',
    },
    cure: {
      zh: '确认退货总量不超过清单数量，否则海关会退单',
      en: 'See that all returns together do not exceed the list, or customs will reject this one',
    },
  },
  WINDOW_PASSED: {
    text: {
      zh: '放行后申请退货的期限可能已过，海关可能退单',
      en: 'The time for returns after release may be over: customs may reject this',
    },
    cure: {
      zh: '核对 window 中的日期及其来源',
      en: 'Check the days in `window` and their source',
    },
  },
  FIELD_FIXED: {
    text: {
      zh: '该字段由网关填写，不能在 fields 中给出',
      en: 'This field is filled in by the gateway and cannot be given in fields',
    },
    cure: { zh: '从 fields 中去掉', en: 'Leave it out of fields' },
  },
  LINES_NOT_TAKEN: {
    text: { zh: '撤销总是针对整份清单', en: 'A cancellation always takes the whole list' },
    cure: { zh: '去掉 lines', en: 'Leave lines out' },
  },
  UNKNOWN_LINE: {
    text: { zh: '清单没有这一项', en: 'The list has no such line' },
    cure: { zh: '使用清单表体的 gnum', en: 'Use a gnum of the list' },
  },
  LINE_TWICE: {
    text: { zh: '同一项出现两次', en: 'A line is named twice' },
    cure: { zh: '合并为一项', en: 'Name it once, with the sum' },
  },
  NOT_POSITIVE: {
    text: {
      zh: '数量应为大于零的十进制数，小数不超过 5 位',
      en: 'A quantity is a decimal above zero with at most 5 places',
    },
    cure: { zh: '例如 "2" 或 "1.5"', en: 'Write "2" or "1.5"' },
  },
  ABOVE_LISTED: {
    text: { zh: '超过清单申报的数量', en: 'More than the list declares' },
    cure: { zh: '不超过清单该项的数量', en: 'At most what the line of the list declares' },
  },
  ABOVE_LEFT: {
    text: {
      zh: '超过清单尚可退的数量：已有退货申请占用了其余部分',
      en: 'More than is left of the list: earlier returns take the rest',
    },
    cure: {
      zh: '不超过清单数量减去已受理或办理中的退货数量',
      en: 'At most what the list declares less what returns accepted or under way take',
    },
  },
  NOT_EXACT: {
    text: {
      zh: '该数量按比例折算不能以 5 位小数准确表示',
      en: 'In proportion this quantity cannot be written exactly with 5 places',
    },
    cure: {
      zh: '在 lines 的该项中直接给出此数量',
      en: 'Give this quantity in the entry of lines itself',
    },
  },
  NUMBERS_EXHAUSTED: {
    text: { zh: '该清单的申请次数过多', en: 'Too many requests were made for this list' },
    cure: {
      zh: '自行编号，经 /api/v1/documents 提交',
      en: 'Number it yourself and hand it in at /api/v1/documents',
    },
  },
} as const satisfies Readonly<Record<string, { readonly text: Text; readonly cure: Text }>>

/** `place` is the code's middle, a field's name mostly; `pointer` leads into the request's body. */
export const actionFault = (
  kind: string,
  what: ActionFault,
  place: { readonly name: string; readonly pointer: string },
  severity: Fault['severity'] = 'error',
): Fault => ({
  code: `${kind}-${place.name}-${what}`,
  pointer: place.pointer,
  severity,
  ...table[what],
})
