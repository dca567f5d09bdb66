/**
 * Numbers of persons and enterprises in a document, wherever its catalogue entry says that a field
 * holds one. Texts name the place inside the number that is wrong, never the number.
 */
import type { AnyDocument, Declaration, FieldRecord } from '../catalogue/message.ts'
import type { RuleCode } from '../catalogue/rules/index.ts'
import { headOfDocument, linesOf } from '../codec/document.ts'
import { label } from '../codec/rule.ts'
import { perEntry, shapeOf } from '../codec/shape.ts'
import { at, type Text } from '../kernel/fault.ts'
import {
  type EnterpriseCodeProblem,
  enterpriseCodeProblem,
  type ResidentIdProblem,
  residentIdProblem,
} from '../rules/identity.ts'
import type { Finding } from './findings.ts'

interface NamedField {
  readonly name: string
  readonly label: Text
  /** Field with the type of a personal number, and its value for a resident id. */
  readonly person: { readonly type: string; readonly residentId: string } | undefined
}

interface NamedGroup {
  /** Undefined where the fields stand in the document itself. */
  readonly name: string | undefined
  readonly single: boolean
  readonly fields: readonly NamedField[]
}

const groupsOf = perEntry((entry): readonly NamedGroup[] =>
  shapeOf(entry)
    .groups.map(({ name, single, fields }) => ({
      ...{ name, single },
      fields: fields.flatMap((shape): NamedField[] => {
        const { identity, zh } = shape.field
        if (identity === undefined) return []
        const person = identity === 'enterprise' ? undefined : identity
        return [{ name: shape.name, label: label(shape.name, zh), person }]
      }),
    }))
    .filter(({ fields }) => fields.length > 0),
)

/**
 * `today` is a China day, `yyyyMMdd`. `known` holds codes of enterprises that need no look; those
 * that are found right are added to it, because documents of a batch name the same few.
 */
export const identityFindings = (
  entry: Declaration,
  document: AnyDocument,
  today: string,
  known: Set<string>,
): readonly Finding[] => {
  const found: Finding[] = []
  for (const { name, single, fields } of groupsOf(entry)) {
    const start = name === undefined ? '' : at('', name)
    const records =
      name === undefined ? [headOfDocument(entry, document)] : linesOf(entry, document, name)
    for (const [i, record] of records.entries())
      for (const field of fields) {
        const value = record[field.name] ?? ''
        if (value === '' || known.has(value)) continue
        const told = judge(field, value, record, today)
        if (told === undefined) {
          if (field.person === undefined) known.add(value)
          continue
        }
        const pointer = at(single ? start : at(start, i), field.name)
        found.push({ ...told, field: field.name, pointer })
      }
  }
  return found
}

const judge = (
  { label, person }: NamedField,
  value: string,
  record: FieldRecord,
  today: string,
): Told | undefined => {
  if (person === undefined) {
    const problem = enterpriseCodeProblem(value)
    return problem === undefined ? undefined : enterpriseFinding(label, problem)
  }
  if (record[person.type] !== person.residentId) return undefined
  const problem = residentIdProblem(value, today)
  return problem === undefined ? undefined : residentFinding(label, problem)
}

type Told = Pick<Finding, 'rule' | 'text' | 'mild' | 'cure'>

const residentFinding = (label: Text, problem: ResidentIdProblem): Told => ({
  rule: 'IDENTITY_RESIDENT_ID',
  text: said(label, residentTexts[problem]),
  ...(problem === 'SMALL_X'
    ? {
        mild: true,
        cure: { zh: '末位改为大写 X', en: 'Write the X at its end as a capital' },
      }
    : {}),
})

const enterpriseFinding = (label: Text, problem: EnterpriseCodeProblem): Told => ({
  rule: enterpriseTexts[problem][0],
  text: said(label, enterpriseTexts[problem][1]),
})

const said = (label: Text, { zh, en }: Text): Text => ({
  zh: `${label.zh}${zh}`,
  en: `${label.en} ${en}`,
})

const residentTexts: Readonly<Record<ResidentIdProblem, Text>> = {
  FORM: {
    zh: '不是 18 位居民身份证号码（17 位数字，末位数字或 X）',
    en: 'is no resident id of 17 digits followed by a digit or X',
  },
  BIRTH: {
    zh: '第 7–14 位不是可能的出生日期',
    en: 'has no possible day of birth in characters 7 to 14',
  },
  CHECK_DIGIT: {
    zh: '校验位不符，其中有录错的字符',
    en: 'fails its check digit: one of its characters is wrong',
  },
  SMALL_X: {
    zh: '末位为小写 x，应为大写 X',
    en: 'ends in a small x; the standard has a capital one',
  },
}

const enterpriseTexts: Readonly<Record<EnterpriseCodeProblem, readonly [RuleCode, Text]>> = {
  LENGTH: [
    'IDENTITY_CUSTOMS_CODE',
    {
      zh: '既不是 10 位海关注册编码，也不是 18 位统一社会信用代码',
      en: 'is neither a customs code of 10 characters nor a credit code of 18',
    },
  ],
  CUSTOMS_FORM: [
    'IDENTITY_CUSTOMS_CODE',
    {
      zh: '不是海关注册编码：前 4 位应为数字，其余为数字或大写字母',
      en: 'is no customs code: it begins with 4 digits, and the rest is digits or capital letters',
    },
  ],
  AREA_KIND: [
    'IDENTITY_CUSTOMS_CODE',
    {
      zh: '第 5 位不是已知的经济区划代码',
      en: 'has no known kind of area as its 5th character',
    },
  ],
  FIRM_KIND: [
    'IDENTITY_CUSTOMS_CODE',
    {
      zh: '第 6 位不是已知的企业性质代码',
      en: 'has no known kind of firm as its 6th character',
    },
  ],
  CREDIT_FORM: [
    'IDENTITY_CREDIT_CODE',
    {
      zh: '含有统一社会信用代码不使用的字符（字母 I、O、S、V、Z 不用，第 3–8 位为数字）',
      en: 'has characters that no credit code has (never I, O, S, V or Z; digits in places 3 to 8)',
    },
  ],
  CREDIT_CHECK_DIGIT: [
    'IDENTITY_CREDIT_CODE',
    {
      zh: '末位校验码不符，其中可能有录错的字符',
      en: 'fails its check digit: one of its characters may be wrong',
    },
  ],
  ORGANISATION_CHECK_DIGIT: [
    'IDENTITY_ORGANISATION_CODE',
    {
      zh: '第 17 位（组织机构代码校验位）不符',
      en: 'fails the check digit of its organisation code, character 17',
    },
  ],
}
