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
  faulty: { zh: '{count} 处问题，见各字段', en: '{count} faults, each at its field' },
  warned: { zh: '可以提交，另有提示', en: 'It can be handed in; something is worth a look' },
  done: { zh: '已提交', en: 'Handed in' },
  choose: { zh: '请选择', en: 'Choose' },
  length: { zh: '最多 {max} 字', en: 'at most {max} characters' },
  exact: { zh: '{max} 位', en: '{max} characters' },
  moment8: { zh: '年月日 8 位数字', en: 'yyyyMMdd' },
  moment14: { zh: '年月日时分秒 14 位数字', en: 'yyyyMMddHHmmss' },
  number: { zh: '数字', en: 'a number' },
} as const satisfies Readonly<Record<string, Text>>
