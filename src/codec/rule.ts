/**
 * What a field may hold, prepared for checking: the bounds that apply, and the same in words.
 * What is sent must satisfy both the schema and the published field table; what customs sends is
 * read with the longer length of the two and may leave empty what the schema lets it leave empty.
 */
import type { Field, When } from '../catalogue/field.ts'
import type { Message } from '../catalogue/message.ts'
import type { Text } from '../kernel/fault.ts'
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
  readonly when: When | undefined
  /** Characters. */
  readonly min: number
  readonly max: number
  readonly exact: boolean
  readonly moment: 0 | 8 | 14 | 17
  readonly allowed: ReadonlySet<string> | undefined
  readonly digits: number
  readonly fraction: number
  readonly raw: boolean
  /** `CEB311-acturalPaid`. */
  readonly code: string
  readonly subject: Subject
}

export interface GroupRule {
  readonly shape: GroupShape
  readonly rules: readonly Rule[]
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

export const rulesOf: (entry: Message) => MessageRules = perEntry((entry) => {
  const shape = shapeOf(entry)
  const received = entry.sort !== 'declaration'
  const code = `${entry.code}-${entry.node}`
  const subject = { label: label(entry.node, entry.zh) }
  const groups = shape.groups.map((group) => {
    const visible = new Map([...shape.head.byName, ...group.byName])
    const made = groupRuleOf(entry.code, group, visible, received)
    return group.name === undefined ? { ...made, code, subject } : made
  })
  const [head] = groups
  if (head === undefined) throw new Error(`${entry.code} has no group`)
  return { flat: shape.flat, groups, head, code, subject }
})

/** The rules of one group; `visible` are the fields its conditions may speak of. */
export const groupRuleOf = (
  code: string,
  group: GroupShape,
  visible: ReadonlyMap<string, FieldShape>,
  received: boolean,
): GroupRule => ({
  shape: group,
  rules: group.fields.map((field) => ruleOf(code, field, visible, received)),
  code: `${code}-${group.name}`,
  subject: {
    label: label(group.name ?? '', group.zh),
    format: groupFormat(group),
    min: group.min,
    max: group.max,
  },
})

/** The values a field takes, in words: `1–60 个字符`, `1 to 60 characters`. */
export const formatOf = (field: Field): Text => {
  if (field.fixed !== undefined) return { zh: `固定值 ${field.fixed}`, en: `always ${field.fixed}` }
  if (field.values !== undefined) return valuesFormat(field.values)
  if (field.moment !== undefined) return momentFormats[field.moment]
  if (field.kind === 'decimal') return decimalFormat(field)
  if (field.kind === 'int') return intFormat(field)
  return lengthFormat(field.length, leastOf(field), field.max)
}

/** Least length by the schema: 1 for a required text unless the entry says otherwise. */
export const leastOf = (field: Field): number =>
  field.length ?? field.min ?? (field.required ? 1 : 0)

export const label = (name: string, zh: string): Text => ({
  zh: `${zh}（${name}）`,
  en: `${name} (${zh})`,
})

const ruleOf = (
  code: string,
  { name, field }: FieldShape,
  visible: ReadonlyMap<string, FieldShape>,
  received: boolean,
): Rule => {
  const emptyBySchema = field.kind === 'text' && leastOf(field) === 0
  // What only the text requires binds the sender; customs' own messages follow the schema.
  const required = field.required || (field.textRequires === true && !received)
  const longer = received ? field.readMax : undefined
  const allowed = field.fixed === undefined ? Object.keys(field.values ?? {}) : [field.fixed]
  const rule = {
    name,
    kind: field.kind,
    required,
    mayBeEmpty: emptyBySchema && (!required || received),
    keepsEmpty: field.required,
    when: received ? undefined : field.requiredWhen,
    min: longer === undefined ? Math.max(leastOf(field), 1) : 1,
    max: longer ?? field.length ?? field.max ?? Number.POSITIVE_INFINITY,
    exact: field.length !== undefined && longer === undefined,
    moment: longer === undefined ? (field.moment ?? 0) : (0 as const),
    allowed: allowed.length === 0 ? undefined : new Set(allowed),
    digits: field.digits ?? INT_DIGITS_MAX,
    fraction: field.fraction ?? 0,
    raw: field.raw === true,
    code: `${code}-${name}`,
  }
  const when = field.requiredWhen === undefined ? undefined : whenText(field.requiredWhen, visible)
  return {
    ...rule,
    subject: {
      label: label(name, field.zh),
      format: longer === undefined ? formatOf(field) : lengthFormat(undefined, 1, longer),
      ...(when === undefined ? {} : { when }),
      min: rule.min,
      max: rule.max,
    },
  }
}

const whenText = (when: When, visible: ReadonlyMap<string, FieldShape>): Text => {
  const other = 'field' in when ? when.field : when.present
  const name = label(other, visible.get(other)?.field.zh ?? other)
  if ('present' in when) return { zh: `填写了${name.zh}`, en: `${name.en} is given` }
  return {
    zh: `${name.zh}为 ${when.in.join(' 或 ')} `,
    en: `${name.en} is ${when.in.join(' or ')}`,
  }
}

const groupFormat = (group: GroupShape): Text =>
  group.single
    ? { zh: '一个对象', en: 'one object' }
    : Number.isFinite(group.max)
      ? { zh: `${group.min}–${group.max} 项`, en: `${group.min} to ${group.max} lines` }
      : { zh: `至少 ${group.min} 项`, en: `at least ${group.min} lines` }

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

const intFormat = ({ digits }: Field): Text =>
  digits === undefined
    ? { zh: '32 位整数', en: 'a whole number of 32 bits' }
    : { zh: `整数，最多 ${digits} 位`, en: `a whole number of at most ${digits} digits` }

const lengthFormat = (length: number | undefined, min: number, max: number | undefined): Text => {
  if (length !== undefined) return { zh: `${length} 个字符`, en: `exactly ${length} characters` }
  if (max === undefined) return { zh: '文本', en: 'text' }
  if (min === 0) return { zh: `不超过 ${max} 个字符`, en: `at most ${max} characters` }
  return { zh: `${min}–${max} 个字符`, en: `${min} to ${max} characters` }
}
