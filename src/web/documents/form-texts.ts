/** Texts of handing in at a desk. */
import type { Text } from '../../kernel/fault.ts'

export const formTexts = {
  title: { zh: '填写{kind}', en: 'Fill in: {kind}' },
  correctTitle: { zh: '更正{kind} {number}', en: 'Correct {kind} {number}' },
  note: {
    zh: '字段按海关标准列出。先“检查”，全部问题一次列出；guid 与业务时间自动填写。',
    en: 'Fields are those of the standard. Check first: everything wrong is told at once; guid and appTime are filled in.',
  },
  check: { zh: '检查', en: 'Check' },
  handIn: { zh: '提交', en: 'Hand in' },
  addLine: { zh: '增加一项', en: 'Add a line' },
  line: { zh: '第 {line} 项', en: 'Line {line}' },
  optional: { zh: '选填字段（{count}）', en: 'Optional fields ({count})' },
  keep: { zh: '留空即保留原值 {value}', en: 'Leave empty to keep {value}' },
  sound: { zh: '检查通过，可以提交', en: 'Nothing is wrong: it can be handed in' },
  faulty: {
    zh: '{count} 处问题，点位置即到该字段',
    en: '{count} faults; each place leads to its field',
  },
  warned: { zh: '可以提交，另有提示', en: 'It can be handed in; something is worth a look' },
  done: { zh: '已提交', en: 'Handed in' },
  wholeTitle: { zh: '一票单证一起填', en: 'A whole consignment' },
  wholeNote: {
    zh: '共用的内容只填一次，写入各单证；全部接收或全部不接收。先“检查”，全部问题一次列出。',
    en: 'What the documents share is filled in once; all of them are taken or none. Check first: everything wrong is told at once.',
  },
  others: {
    zh: '{kinds}由其他企业提交，取得委托后也可在此一起填写。',
    en: 'Others hand in: {kinds}; with their mandate you fill them in here too.',
  },
  wholeDone: { zh: '已提交，全部接收', en: 'Handed in; all were taken' },
  common: { zh: '共用信息', en: 'In common' },
  goods: { zh: '商品', en: 'Goods' },
  only: { zh: '仅用于{kind}', en: 'Only for: {kind}' },
  leave: {
    zh: '不在此提交（由其他企业提交）',
    en: 'Leave it out (another enterprise hands it in)',
  },
  nothingLeft: { zh: '没有要提交的单证', en: 'No document is left to hand in' },
  nothingLeftCure: { zh: '至少保留一种单证', en: 'Keep at least one of them' },
  choose: { zh: '请选择', en: 'Choose' },
  length: { zh: '最多 {max} 字', en: 'at most {max} characters' },
  exact: { zh: '{max} 位', en: '{max} characters' },
  moment8: { zh: '年月日 8 位数字', en: 'yyyyMMdd' },
  moment14: { zh: '年月日时分秒 14 位数字', en: 'yyyyMMddHHmmss' },
  number: { zh: '数字', en: 'a number' },
} as const satisfies Readonly<Record<string, Text>>
