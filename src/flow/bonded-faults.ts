/** What can be wrong with a bonded book, its items, movements and counts: codes, texts and cures. */
import { at, type Fault, type Text } from '../kernel/fault.ts'

const table = {
  'zone-UNKNOWN': {
    text: { zh: '没有该监管区域', en: 'There is no such zone' },
    cure: { zh: '使用已登记的区域代码', en: 'Use the code of a zone that is registered' },
  },
  'warehouseId-NOT_YOURS': {
    text: {
      zh: '该企业不是贵企业，也没有其对保税账册的有效委托',
      en: 'It is not your enterprise, and no mandate of it for bonded books is in force',
    },
    cure: {
      zh: '填写本企业，或请该企业出具类型为 BOOK1210 的委托',
      en: 'Name your own, or have that enterprise give you a mandate for BOOK1210',
    },
  },
  'warehouseId-ROLE_MISSING': {
    text: {
      zh: '该企业没有登记“区内企业”角色',
      en: 'The enterprise is not registered as a warehouse enterprise',
    },
    cure: {
      zh: '请运营方为该企业登记此角色',
      en: 'Ask the operator to register this role for the enterprise',
    },
  },
  'itemRecordNo-REPEATED': {
    text: { zh: '该备案料号重复', en: 'The item stands there twice' },
    cure: { zh: '每个料号只写一行', en: 'Give every item one row' },
  },
  'itemRecordNo-UNKNOWN_ITEM': {
    text: { zh: '账册中没有该备案料号', en: 'The book has no such item' },
    cure: {
      zh: '先登记该料件，或更正料号',
      en: 'Register the item first, or correct its number',
    },
  },
  'unit-IN_USE': {
    text: {
      zh: '该料件已有变动记录，计量单位不能更改',
      en: 'The item has movements; its unit cannot change any more',
    },
    cure: {
      zh: '保留原单位；确需换单位的，用新料号登记',
      en: 'Keep the unit, or register the goods under a new item number',
    },
  },
  'unit-DIFFERS': {
    text: { zh: '与账册的计量单位不同', en: 'It is not the unit of the book' },
    cure: {
      zh: '按账册单位换算数量后填写',
      en: 'Convert the quantity into the unit of the book',
    },
  },
  'qty-NOT_POSITIVE': {
    text: { zh: '入区数量应大于零', en: 'What comes in is more than nothing' },
    cure: {
      zh: '填写大于零的数量；减少库存请用调整',
      en: 'Give more than zero; to take stock away, enter an adjustment',
    },
  },
  'qty-NOTHING': {
    text: { zh: '调整数量为零', en: 'The adjustment is zero' },
    cure: { zh: '删去该行或填写数量', en: 'Leave the row out, or give a quantity' },
  },
  'qty-NEGATIVE': {
    text: { zh: '实盘数量不能为负', en: 'A count is never below zero' },
    cure: { zh: '没有实物的填 0', en: 'Write 0 where nothing was found' },
  },
  'qty-BELOW_ZERO': {
    text: { zh: '账册库存将低于零', en: 'The stock of the book would fall below zero' },
    cure: {
      zh: '核对数量；缺少入区记录的先补录',
      en: 'Check the quantity; enter what came in first where that is missing',
    },
  },
  'reason-MISSING': {
    text: { zh: '调整须写明原因', en: 'An adjustment needs its reason' },
    cure: { zh: '填写 reason', en: 'Give reason' },
  },
  'at-IN_FUTURE': {
    text: { zh: '盘点时间晚于现在', en: 'The moment of the count is yet to come' },
    cure: { zh: '填写实际盘点的时间', en: 'Give the moment at which it was counted' },
  },
  'token-MISSING': {
    text: {
      zh: '入账前须先预览差异',
      en: 'The differences must be looked at before they are booked',
    },
    cure: {
      zh: '先不带 apply 提交，再以答复中的 at 和 token 提交同一份盘点',
      en: 'Send it without apply first, then again with the at and token of the answer',
    },
  },
} as const satisfies Readonly<Record<string, { readonly text: Text; readonly cure: Text }>>

export type BookFault = keyof typeof table

/** `BONDED-COUNT-qty-NEGATIVE`, at the field that the fault is about. */
export const bookFault = (code: string, what: BookFault, pointer = ''): Fault => ({
  code: `${code}-${what}`,
  pointer: at(pointer, what.slice(0, what.indexOf('-'))),
  severity: 'error',
  ...table[what],
})
