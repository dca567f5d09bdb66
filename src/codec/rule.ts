/**
 * What a field may hold, prepared for checking: the bounds that apply, and the same in words.
 * What is sent must satisfy both the schema and the published field table; what customs sends is
 * read with the longer length of the two and may leave empty what the schema lets it leave empty.
 */
import { type CodeList, codesFor, findCodeList } from '../catalogue/code-lists/index.ts'
import type { Field, When } from '../catalogue/field.ts'
import type { Entry } from '../catalogue/message.ts'
import type { Text } from '../kernel/fault.ts'
import { LINES_PER_DOCUMENT_MAX } from '../kernel/limits.ts'
import { type FieldShape, type GroupShape, perEntry, shapeOf } from './shape.ts'
import type { Subject } from './texts.ts'

/** Digits of 2147483647, the greatest `xs:int`. */
const INT_DIGITS_MAX = 10

/** All members are always set, so that every rule has the same hidden class in the engine. */
export interface Rule {
  readonly name: string
  readonly kind: Field['kind']
  /** By the schema or by the text. */
  readonly required: boolean
  /** Present but empty is taken: dropped when optional, kept when required. */
  readonly mayBeEmpty: boolean
  /** Required by the schema: an empty value is kept, because the element must be written. */
  readonly keepsEmpty: boolean
  /** Any of them makes it required. */
  readonly whens: readonly When[] | undefined
  /** Characters. */
  readonly min: number
  readonly max: number
  readonly exact: boolean
  /** Blanks count once, and none at the ends. */
  readonly collapse: boolean
  /** `int` only. */
  readonly least: number
  readonly moment: 0 | 8 | 14 | 17
  readonly allowed: ReadonlySet<string> | undefined
  /** Where the value is looked up, and the codes in it that fit the field and need no second look. */
  readonly list: CodeList | undefined
  readonly codes: ReadonlySet<string> | undefined
  readonly digits: number
  readonly fraction: number
  readonly raw: boolean
  /** `CEB311-acturalPaid`. */
  readonly code: string
  readonly subject: Subject
}

/** Two fields of a group, the first not above the second. */
export interface Bound {
  readonly rule: Rule
  readonly other: string
  readonly subject: Subject
}

export interface GroupRule {
  readonly shape: GroupShape
  readonly rules: readonly Rule[]
  readonly bounds: readonly Bound[]
  /** Lines taken; what the standard leaves without bound has one of ours when it is sent. */
  readonly linesMax: number
  /** `CEB311-OrderList`. */
  readonly code: string
  readonly subject: Subject
}

export interface MessageRules {
  readonly flat: boolean
  readonly groups: readonly GroupRule[]
  readonly head: GroupRule
  /** `CEB311-Order`. */
  readonly code: string
  readonly subject: Subject
}

export const rulesOf: (entry: Entry) => MessageRules = perEntry((entry) => {
  const shape = shapeOf(entry)
  const received = entry.sort !== 'declaration' && entry.sort !== 'table'
  const code = `${entry.code}-${entry.node}`
  const subject = { label: label(entry.node, entry.zh) }
  const groupNames = shape.groups.map(({ name, zh }) => [name ?? '', zh] as const)
  const groups = shape.groups.map((group) => {
    const names = new Map([...groupNames, ...namesOf(shape.head), ...namesOf(group)])
    const made = groupRuleOf(entry.code, group, names, received, entry.direction)
    return group.name === undefined ? { ...made, code, subject } : made
  })
  const [head] = groups
  if (head === undefined) throw new Error(`${entry.code} has no group`)
  return { flat: shape.flat, groups, head, code, subject }
})

/** Chinese names of a group's fields by their own. */
export const namesOf = (group: GroupShape): ReadonlyMap<string, string> =>
  new Map(group.fields.map(({ name, field }) => [name, field.zh]))

/** The rules of one group; `names` are the fields and groups its conditions may speak of. */
export const groupRuleOf = (
  code: string,
  group: GroupShape,
  names: ReadonlyMap<string, string>,
  received: boolean,
  direction: Entry['direction'] = 'both',
): GroupRule => {
  const rules = group.fields.map((shape) => {
    const list = received ? undefined : listOf(shape.field, direction)
    return ruleOf(code, shape, names, received, list)
  })
  const max = received ? group.max : Math.min(group.max, LINES_PER_DOCUMENT_MAX)
  return {
    shape: group,
    rules,
    bounds: received ? [] : boundsOf(group, rules),
    linesMax: max,
    code: `${code}-${group.name}`,
    subject: {
      label: label(group.name ?? '', group.zh),
      format: groupFormat(group, max),
      min: group.min,
      max,
    },
  }
}

const boundsOf = (group: GroupShape, rules: readonly Rule[]): readonly Bound[] =>
  group.fields.flatMap(({ field: { notAbove } }, index) => {
    const rule = rules[index]
    if (notAbove === undefined || rule === undefined) return []
    const other = label(notAbove, group.byName.get(notAbove)?.field.zh ?? notAbove)
    return [{ rule, other: notAbove, subject: { ...rule.subject, other } }]
  })

/** The values a field takes, in words: `1–60 个字符`, `1 to 60 characters`. */
export const formatOf = (field: Field): Text => {
  if (field.fixed !== undefined) return { zh: `固定值 ${field.fixed}`, en: `always ${field.fixed}` }
  if (field.values !== undefined) return valuesFormat(field.values)
  if (field.moment !== undefined) return momentFormats[field.moment]
  if (field.kind === 'decimal') return decimalFormat(field)
  if (field.kind === 'int') return intFormat(field)
  const length = lengthFormat(field.length, leastOf(field), mostOf(field))
  const list = field.list === undefined ? undefined : findCodeList(field.list)
  if (list === undefined) return length
  return { zh: `${list.zh}，${length.zh}`, en: `a code of the ${list.en}, ${length.en}` }
}

/** Least length by the schema: 1 for a required text unless the entry says otherwise. */
export const leastOf = (field: Field): number =>
  field.length ?? field.min ?? (field.required ? 1 : 0)

/** Greatest length sent: the shorter of what schema and text allow. */
export const mostOf = (field: Field): number | undefined =>
  field.length ?? field.textMax ?? field.max

export const label = (name: string, zh: string): Text => ({
  zh: `${zh}（${name}）`,
  en: `${name} (${zh})`,
})

const ruleOf = (
  code: string,
  { name, field }: FieldShape,
  names: ReadonlyMap<string, string>,
  received: boolean,
  list: CodeList | undefined,
): Rule => {
  const emptyBySchema = field.kind === 'text' && leastOf(field) === 0
  // What only the text requires binds the sender; customs' own messages follow the schema.
  const required = field.required || (field.textRequires === true && !received)
  const longer = received ? field.readMax : undefined
  // A value that customs sends is not ours to refuse: a code nobody published is kept and shown.
  const values = received ? [] : Object.keys(field.values ?? {})
  const allowed = field.fixed === undefined ? values : [field.fixed]
  const whens = whensOf(field)
  const rule = {
    name,
    kind: field.kind,
    required,
    mayBeEmpty: emptyBySchema && (!required || received),
    keepsEmpty: field.required,
    whens: received || whens.length === 0 ? undefined : whens,
    min: longer === undefined ? Math.max(leastOf(field), 1) : 1,
    max: longer ?? (received ? field.max : undefined) ?? mostOf(field) ?? Number.POSITIVE_INFINITY,
    exact: field.length !== undefined && longer === undefined,
    collapse: field.collapse === true,
    least: received ? Number.NEGATIVE_INFINITY : (field.least ?? Number.NEGATIVE_INFINITY),
    moment: longer === undefined ? (field.moment ?? 0) : (0 as const),
    allowed: allowed.length === 0 ? undefined : new Set(allowed),
    list,
    codes: list === undefined ? undefined : fittingCodes(list, field),
    digits: field.digits ?? INT_DIGITS_MAX,
    fraction: field.fraction ?? 0,
    raw: field.raw === true,
    code: `${code}-${name}`,
  }
  const when = whens.length === 0 ? undefined : whenText(whens, names)
  return {
    ...rule,
    subject: {
      label: label(name, field.zh),
      format: longer === undefined ? formatOf(field) : lengthFormat(undefined, 1, longer),
      ...(when === undefined ? {} : { when }),
      ...(list === undefined ? {} : { list: listText(list), reason: list.reason }),
      min: field.least ?? rule.min,
      max: rule.max,
    },
  }
}

/**
 * The list that a sender's value is looked up in. What customs sends is not ours to doubt, and one
 * that the catalogue pins down needs no list.
 */
const listOf = (field: Field, direction: Entry['direction']): CodeList | undefined => {
  if (field.list === undefined || (field.fixed ?? field.values) !== undefined) return undefined
  const list = findCodeList(field.list)
  return list === undefined ? undefined : codesFor(list, direction)
}

const fittingCodes = (list: CodeList, field: Field): ReadonlySet<string> => {
  const [least, most] = [leastOf(field), mostOf(field) ?? 0]
  return new Set([...list.standing].filter(({ length }) => length >= least && length <= most))
}

/** `计量单位代码表（123 项，截至 2019-11）`, `123 units of measure known in 2019-11`. */
const listText = ({ zh, en, rows, asOf }: CodeList): Text => ({
  zh: `${zh}表（${rows.length} 项，截至 ${asOf}）`,
  en: `${rows.length} ${en} known in ${asOf}`,
})

/** All conditions of a field; what goes together with another is required when that is there. */
export const whensOf = ({ requiredWhen, together }: Field): readonly When[] => [
  ...(requiredWhen === undefined ? [] : [requiredWhen]),
  ...(together === undefined ? [] : [{ present: together }]),
]

const whenText = (whens: readonly When[], names: ReadonlyMap<string, string>): Text => {
  const texts = whens.map((when) => oneWhenText(when, names))
  return {
    zh: texts.map(({ zh }) => zh).join('或'),
    en: texts.map(({ en }) => en).join(' or '),
  }
}

const oneWhenText = (when: When, names: ReadonlyMap<string, string>): Text => {
  const named = (other: string): Text => label(other, names.get(other) ?? other)
  if ('present' in when) {
    const { zh, en } = named(when.present)
    return { zh: `填写了${zh}`, en: `${en} is given` }
  }
  if ('absent' in when) {
    const { zh, en } = named(when.absent)
    return { zh: `没有${zh}`, en: `there is no ${en}` }
  }
  const { zh, en } = named(when.field)
  return 'in' in when
    ? { zh: `${zh}为 ${when.in.join(' 或 ')} `, en: `${en} is ${when.in.join(' or ')}` }
    : { zh: `${zh}不为 ${when.notIn.join('、')} `, en: `${en} is not ${when.notIn.join(', ')}` }
}

const groupFormat = (group: GroupShape, max: number): Text => {
  if (group.single) return { zh: '一个对象', en: 'one object' }
  return Number.isFinite(max)
    ? { zh: `${group.min}–${max} 项`, en: `${group.min} to ${max} lines` }
    : { zh: `至少 ${group.min} 项`, en: `at least ${group.min} lines` }
}

const momentFormats: Readonly<Record<8 | 14 | 17, Text>> = {
  8: { zh: '8 位真实日期 yyyyMMdd', en: 'a real date of 8 digits, yyyyMMdd' },
  14: {
    zh: '14 位北京时间 yyyyMMddHHmmss',
    en: 'a real moment of 14 digits in China time, yyyyMMddHHmmss',
  },
  17: {
    zh: '17 位北京时间 yyyyMMddHHmmssSSS',
    en: 'a real moment of 17 digits in China time, yyyyMMddHHmmssSSS',
  },
}

const valuesFormat = (values: Readonly<Record<string, string>>): Text => ({
  zh: Object.entries(values)
    .map(([value, meaning]) => `${value}（${meaning}）`)
    .join('、'),
  en: `one of ${Object.keys(values).join(', ')}`,
})

const decimalFormat = ({ digits = 0, fraction = 0 }: Field): Text => ({
  zh: `十进制数，最多 ${digits} 位，其中小数最多 ${fraction} 位`,
  en: `a plain decimal of at most ${digits} digits, ${fraction} of them after the point`,
})

const intFormat = ({ digits, least }: Field): Text => {
  const from =
    least === undefined ? { zh: '', en: '' } : { zh: `，不小于 ${least}`, en: `, ${least} or more` }
  return digits === undefined
    ? { zh: `32 位整数${from.zh}`, en: `a whole number of 32 bits${from.en}` }
    : {
        zh: `整数，最多 ${digits} 位${from.zh}`,
        en: `a whole number of at most ${digits} digits${from.en}`,
      }
}

const lengthFormat = (length: number | undefined, min: number, max: number | undefined): Text => {
  if (length !== undefined) return { zh: `${length} 个字符`, en: `exactly ${length} characters` }
  if (max === undefined) return { zh: '文本', en: 'text' }
  if (min === 0) return { zh: `不超过 ${max} 个字符`, en: `at most ${max} characters` }
  return { zh: `${min}–${max} 个字符`, en: `${min} to ${max} characters` }
}
