/**
 * The bonded account book (账册) of a warehouse in a zone: what may be said of it, row by row. None of
 * it travels to customs; lists say themselves what they draw on it (`draws` of their entry).
 */
import { decimal, optionalText, text } from './field.ts'
import { table } from './message.ts'

const itemRecordNo = text({
  zh: '账册备案料号',
  max: 30,
  note: 'The number under which the item is recorded in the account book.',
})

/** Free words of whoever keeps the book. */
const remark = optionalText({ zh: '备注', max: 200 })

const sheetOnly = { sort: 'table', direction: 'import', node: 'Line', nodeMax: 1 } as const

/** Items of a book. */
export const bondedItems = table({
  ...sheetOnly,
  code: 'BONDED-ITEMS',
  zh: '账册备案料件',
  en: 'Items of a bonded book',
  key: ['itemRecordNo'],
  body: {
    fields: {
      itemRecordNo,
      gname: text({ zh: '商品名称', max: 250 }),
      unit: text({
        zh: '计量单位',
        length: 3,
        list: 'unit',
        note: 'Customs 3-digit unit in which the book counts; a list must give its quantity in it.',
      }),
      gcode: optionalText({ zh: '商品编码', length: 10, list: 'hs', note: '10-digit HS code.' }),
    },
  },
})

/** Goods that came in, or a correction: the sign says which way. */
export const bondedLines = table({
  ...sheetOnly,
  code: 'BONDED-LINES',
  zh: '账册变动',
  en: 'Movements of a bonded book',
  key: ['itemRecordNo'],
  body: {
    fields: {
      itemRecordNo,
      qty: decimal({ zh: '数量', note: 'In the unit of the book.' }),
      note: remark,
    },
  },
})

/** What was found on the shelves; rows of one item, from several places, are added up. */
export const bondedCount = table({
  ...sheetOnly,
  code: 'BONDED-COUNT',
  zh: '账册盘点',
  en: 'Physical count of a bonded book',
  key: ['itemRecordNo'],
  body: {
    fields: {
      itemRecordNo,
      qty: decimal({ zh: '实盘数量', note: 'In the unit of the book; 0 when nothing was found.' }),
      unit: optionalText({
        zh: '计量单位',
        length: 3,
        list: 'unit',
        note: 'May be left out; given, it must be the unit of the book.',
      }),
      note: remark,
    },
  },
})

/** Tables that a sheet may be filled in for. */
export const bondedTables = [bondedItems, bondedLines, bondedCount] as const

export const bondedBook = {
  /** How mandates name it; no kind of message. */
  code: 'BOOK1210',
  zh: '保税账册',
  en: 'bonded account book',
  /** Who keeps one. */
  keeper: 'warehouse',
} as const

/** What changes a book, and what it is called. */
export const movementKinds = {
  entry: { zh: '入区', en: 'Goods in' },
  adjustment: { zh: '调整', en: 'Adjustment' },
  count: { zh: '盘点调整', en: 'Adjustment by count' },
  reserve: { zh: '预占', en: 'Reserved' },
  'give-back': { zh: '释放预占', en: 'Given back' },
  deduct: { zh: '放行核减', en: 'Deducted at release' },
  restore: { zh: '核减冲回', en: 'Deduction taken back' },
  return: { zh: '退货入区', en: 'Returned' },
} as const

export type MovementKind = keyof typeof movementKinds

/** Kinds that somebody enters by hand. */
export const enteredKinds = ['entry', 'adjustment'] as const
export type EnteredKind = (typeof enteredKinds)[number]
