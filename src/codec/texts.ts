/**
 * What can be wrong with a document, in one table: the last part of a fault's code, its text and
 * its cure in Chinese and English. Codes are a public contract: a line may be retired, its word is
 * never used again. Words in braces are filled from the catalogue, never from the document.
 */
import type { Fault, Text } from '../kernel/fault.ts'

export interface FaultText {
  readonly text: Text
  readonly cure: Text
}

/** What a text may speak of. All of it comes from the catalogue. */
export interface Subject {
  /** `实际支付金额（acturalPaid）` and `acturalPaid (实际支付金额)`. */
  readonly label: Text
  readonly format?: Text
  readonly when?: Text
  readonly near?: string
  /** Another field that this one is compared with. */
  readonly other?: Text
  /** The code list of the field, and why it may lack codes or cannot. */
  readonly list?: Text
  readonly reason?: Text
  /** Codes that were probably meant, as the end of a sentence. */
  readonly codes?: Text
  readonly min?: number
  readonly max?: number
}

export const faultTexts = {
  MISSING: {
    text: { zh: '{label}必填，但没有提供', en: '{label} is required, but is not there' },
    cure: { zh: '补上该字段：{format}', en: 'Add it: {format}' },
  },
  REQUIRED_WHEN: {
    text: { zh: '{when}时，{label}必填', en: '{label} is required when {when}' },
    cure: { zh: '补上该字段：{format}', en: 'Add it: {format}' },
  },
  EMPTY: {
    text: { zh: '{label}不能为空', en: '{label} must not be empty' },
    cure: {
      zh: '填写：{format}；可选字段没有值时请整个省略',
      en: 'Fill in {format}; leave an optional field out altogether when it has no value',
    },
  },
  WRONG_TYPE: {
    text: { zh: '{label}不是文本', en: '{label} is not a text' },
    cure: {
      zh: '所有值都写成带引号的文本，例如 "12.5"，不要写数字、布尔值或 null',
      en: 'Write it in quotes, like "12.5"; numbers, booleans and null are not taken',
    },
  },
  NOT_A_RECORD: {
    text: { zh: '{label}应为一个对象', en: '{label} must be an object' },
    cure: { zh: '写成 { "字段": "值" }', en: 'Write it as { "field": "value" }' },
  },
  NOT_A_LIST: {
    text: { zh: '{label}应为数组', en: '{label} must be a list' },
    cure: {
      zh: '写成数组，只有一行也要写成 [ {…} ]',
      en: 'Write it as a list, [ {…} ] even for a single line',
    },
  },
  TOO_LONG: {
    text: { zh: '{label}超长：{format}', en: '{label} is too long: {format}' },
    cure: {
      zh: '缩短到不超过 {max} 个字符{codes}',
      en: 'Shorten it to at most {max} characters{codes}',
    },
  },
  TOO_SHORT: {
    text: { zh: '{label}过短：{format}', en: '{label} is too short: {format}' },
    cure: { zh: '补足到至少 {min} 个字符{codes}', en: 'Give at least {min} characters{codes}' },
  },
  WRONG_LENGTH: {
    text: { zh: '{label}长度不对：{format}', en: '{label} has the wrong length: {format}' },
    cure: { zh: '填写：{format}{codes}', en: 'Give {format}{codes}' },
  },
  NOT_DECIMAL: {
    text: { zh: '{label}不是普通十进制数', en: '{label} is not a plain decimal number' },
    cure: {
      zh: '填写：{format}，例如 12.5；不用科学计数法、千分位和加号',
      en: 'Give {format}, like 12.5: no exponent, no thousands separator, no plus sign',
    },
  },
  NOT_INTEGER: {
    text: { zh: '{label}不是整数', en: '{label} is not a whole number' },
    cure: { zh: '填写：{format}，只用数字', en: 'Give {format}, digits only' },
  },
  TOO_MANY_DIGITS: {
    text: { zh: '{label}位数过多：{format}', en: '{label} has too many digits: {format}' },
    cure: { zh: '按位数要求四舍五入或更正', en: 'Round it or correct it' },
  },
  TOO_SMALL: {
    text: { zh: '{label}过小：{format}', en: '{label} is too small: {format}' },
    cure: { zh: '填写不小于 {min} 的数', en: 'Give {min} or more' },
  },
  ABOVE: {
    text: { zh: '{label}大于{other}', en: '{label} is above {other}' },
    cure: { zh: '更正两者之一', en: 'Correct one of the two' },
  },
  NOT_A_TIME: {
    text: { zh: '{label}不是真实存在的时间', en: '{label} is not a moment that exists' },
    cure: { zh: '填写：{format}', en: 'Give {format}' },
  },
  NOT_ALLOWED: {
    text: { zh: '{label}的值不在允许范围内', en: '{label} has a value that is not allowed' },
    cure: { zh: '填写：{format}', en: 'Give {format}' },
  },
  NOT_LISTED: {
    text: {
      zh: '{label}的代码不在{list}中',
      en: '{label} has a code that is not among the {list}',
    },
    cure: { zh: '核对代码{codes}。{reason}', en: 'Check the code{codes}. {reason}' },
  },
  NOT_IN_FORCE: {
    text: {
      zh: '{label}的代码在报送当日未启用或已停用（{list}）',
      en: '{label} has a code that was not in use on the day of submission ({list})',
    },
    cure: { zh: '改用当日有效的代码{codes}', en: 'Take a code in use on that day{codes}' },
  },
  BAD_CHARACTER: {
    text: {
      zh: '{label}含有 XML 不允许的字符（控制字符或不完整的字符）',
      en: '{label} holds a character that XML cannot carry (a control character or half of one)',
    },
    cure: {
      zh: '删除这些不可见字符后重新提交',
      en: 'Remove the invisible character and try again',
    },
  },
  UNKNOWN: {
    text: { zh: '{label}中没有这个字段', en: '{label} has no such field' },
    cure: { zh: '删除它{near}', en: 'Remove it{near}' },
  },
  REPEATED: {
    text: { zh: '{label}重复出现', en: '{label} stands there more than once' },
    cure: { zh: '只保留一个', en: 'Keep one of them' },
  },
  MISPLACED: {
    text: { zh: '{label}的位置不对', en: '{label} stands in the wrong place' },
    cure: {
      zh: '按标准规定的元素顺序排列',
      en: 'Put the elements in the order of the standard',
    },
  },
  ATTRIBUTE: {
    text: { zh: '{label}带有标准没有的属性', en: '{label} carries an attribute it may not have' },
    cure: { zh: '删除该属性', en: 'Remove the attribute' },
  },
  STRAY_TEXT: {
    text: { zh: '{label}的元素之间夹有文字', en: '{label} holds text between its elements' },
    cure: { zh: '删除元素之间的文字', en: 'Remove the text between the elements' },
  },
  NESTED: {
    text: { zh: '{label}内含子元素', en: '{label} holds elements where only text may stand' },
    cure: {
      zh: '只填写文本，特殊字符按 XML 转义',
      en: 'Give text alone and escape what XML wants escaped',
    },
  },
  NOT_KEPT: {
    text: {
      zh: '{label}只是略读：其内容不保存也不转发',
      en: '{label} is read over: its content is neither kept nor passed on',
    },
    cure: { zh: '无需处理；不需要时可删除', en: 'Nothing to do; leave it out if nobody needs it' },
  },
  TOO_MANY_DOCUMENTS: {
    text: { zh: '一个报文最多 {max} 份{label}', en: 'A message holds at most {max} {label}' },
    cure: { zh: '拆分成多个报文', en: 'Split it into several messages' },
  },
  TOO_FEW_DOCUMENTS: {
    text: { zh: '报文中没有{label}', en: 'The message holds no {label}' },
    cure: { zh: '至少放入一份', en: 'Put at least one in' },
  },
  TOO_MANY_LINES: {
    text: { zh: '{label}超过 {max} 项', en: '{label} has more than {max} lines' },
    cure: { zh: '拆分成多份单证', en: 'Split it into several documents' },
  },
  TOO_FEW_LINES: {
    text: { zh: '{label}至少要有 {min} 项', en: '{label} needs at least {min} line' },
    cure: { zh: '补上表体', en: 'Add the missing lines' },
  },
} as const satisfies Record<string, FaultText>

export type What = keyof typeof faultTexts

const fill = (template: string, language: 'zh' | 'en', subject: Subject): string =>
  template.replace(
    /\{(label|format|when|near|other|list|reason|codes|min|max)\}/g,
    (_, word: keyof Subject) => {
      if (word === 'near') return nearText(language, subject.near)
      const value = subject[word]
      if (value === undefined) return ''
      return typeof value === 'object' ? value[language] : String(value)
    },
  )

const nearText = (language: 'zh' | 'en', near: string | undefined): string => {
  if (near === undefined) return ''
  return language === 'zh' ? `，或改名为 ${near}` : `, or rename it to ${near}`
}

/** Codes with their names: `，可能应为 035（千克）`, `: probably 035 (千克)`. */
export const codesText = (
  rows: readonly (Pick<Text, 'zh'> & { readonly code: string; readonly en?: string })[],
): Text => ({
  zh: `，可能应为 ${rows.map(({ code, zh }) => `${code}（${zh}）`).join('或 ')}`,
  en: `: probably ${rows.map(({ code, zh, en }) => `${code} (${en ?? zh})`).join(' or ')}`,
})

const filled = (text: Text, subject: Subject): Text => ({
  zh: fill(text.zh, 'zh', subject),
  en: fill(text.en, 'en', subject),
})

/** One fault of the table. `code` is `<message>-<field>`, the word of the table is added. */
export const faultOf = (
  what: What,
  code: string,
  pointer: string,
  subject: Subject,
  severity: Fault['severity'] = 'error',
): Fault => ({
  code: `${code}-${what}`,
  pointer,
  severity,
  text: filled(faultTexts[what].text, subject),
  cure: filled(faultTexts[what].cure, subject),
})
