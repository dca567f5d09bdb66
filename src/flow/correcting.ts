/**
 * One change, said once, as it befalls each refused document: in a field of its own, or in that of a
 * companion that customs compared it with. Pure: takes documents with their companions, gives what
 * would change, place by place, or why nothing can.
 */
import { causeFields, LINE_NUMBER } from '../catalogue/cause-fields.ts'
import { findDeclaration } from '../catalogue/index.ts'
import {
  type AnyDocument,
  APP_TYPE,
  type Declaration,
  SUBMISSION_FIELDS,
} from '../catalogue/message.ts'
import { changeDocument, type Difference } from '../codec/changes.ts'
import { headOfDocument, linesOf, withHead } from '../codec/document.ts'
import { shapeOf } from '../codec/shape.ts'
import { readStamp, stamp14 } from '../kernel/clock.ts'
import { at, type Text } from '../kernel/fault.ts'
import { type Beside, placesIn, type WithCompanions } from './compared-fields.ts'

/** Exactly one of `value`, `mapping` and `from` says what shall stand there. */
export interface CorrectionChange {
  /** Companions of this kind are changed; left out: the refused documents themselves. */
  readonly kind?: string | undefined
  /** Head field, or `Group/field` of each line. */
  readonly field: string
  /** Null takes the field away. */
  readonly value?: string | null | undefined
  /** New value by old one; what stands there otherwise stays. */
  readonly mapping?: Readonly<Record<string, string>> | undefined
  /** The value of the document of this kind in the same consignment. */
  readonly from?: string | undefined
  /** Its field, where causes do not say which one goes with `field`. */
  readonly fromField?: string | undefined
}

const whys = {
  'field-unknown': ['单证没有该字段', 'The document has no such field'],
  'field-fixed': [
    '该字段是单证的编号或报送信息，不能更正',
    'The field names the document or its submission and is not corrected',
  ],
  'no-companion': [
    '没有可取值的对应单证，或该单证不属于可办理的企业',
    'There is no such companion, or it is not yours to see',
  ],
  'several-companions': [
    '对应单证不止一份，取值不同',
    'There are several such companions, and they differ',
  ],
  'nothing-to-change': ['该字段已是所要的值', 'The field says so already'],
  'is-deletion': ['被退的是删除申请，不能更正字段', 'What was refused is a deletion'],
  'check-failed': ['更正后通不过检查', 'It would not pass the check'],
  'changed-since': ['预览之后有变化，未作更正', 'It changed after the preview and was left'],
} as const satisfies Readonly<Record<string, readonly [string, string]>>

/** Why a document is left as it is. */
export type LeftWhy = keyof typeof whys

export const whyText = (why: LeftWhy): Text => ({ zh: whys[why][0], en: whys[why][1] })

export interface PlannedChange {
  readonly of: Beside
  /** Empty for one that only goes again. */
  readonly changes: readonly Difference[]
}

export type Plan =
  | { readonly kind: 'left'; readonly why: LeftWhy }
  | {
      readonly kind: 'planned'
      /** Companions that are changed first. */
      readonly before: readonly PlannedChange[]
      readonly own: PlannedChange
    }

/** Without a change the document goes again as it is. */
export const planChange = (refused: WithCompanions, change: CorrectionChange | undefined): Plan => {
  const head = headOfDocument(refused.entry, refused.document)
  if (head.appType === APP_TYPE.delete) return { kind: 'left', why: 'is-deletion' }
  const again = { of: refused, changes: [] }
  if (change === undefined) return { kind: 'planned', before: [], own: again }
  if (change.kind === undefined || change.kind === refused.row.kind) {
    const changes = changesIn(refused, refused, change)
    if (typeof changes === 'string') return { kind: 'left', why: changes }
    return { kind: 'planned', before: [], own: { of: refused, changes } }
  }
  const targets = refused.companions.filter(({ row, isSeen }) => row.kind === change.kind && isSeen)
  if (targets.length === 0) return { kind: 'left', why: 'no-companion' }
  const before: PlannedChange[] = []
  for (const target of targets) {
    const changes = changesIn(refused, target, change)
    if (typeof changes !== 'string') before.push({ of: target, changes })
    else if (changes !== 'nothing-to-change') return { kind: 'left', why: changes }
  }
  return before.length === 0
    ? { kind: 'left', why: 'nothing-to-change' }
    : { kind: 'planned', before, own: again }
}

const changesIn = (
  refused: WithCompanions,
  target: Beside,
  change: CorrectionChange,
): readonly Difference[] | LeftWhy => {
  const objection = objectionTo(target.entry, change.field)
  if (objection !== undefined) return objection
  const wanted = wantedIn(refused, target, change)
  if (typeof wanted === 'string') return wanted
  const found = placesOf(target, change.field).flatMap(({ number, pointer, before }) => {
    const after = wanted(number, before)
    return after === undefined || after === before ? [] : [{ pointer, before, after }]
  })
  return found.length === 0 ? 'nothing-to-change' : found
}

const objectionTo = (entry: Declaration, field: string): LeftWhy | undefined => {
  const [group = '', name] = field.split('/')
  const shape = shapeOf(entry)
  if (name !== undefined)
    return shape.byName.get(group)?.byName.has(name) === true && shape.head.name !== group
      ? name === LINE_NUMBER
        ? 'field-fixed'
        : undefined
      : 'field-unknown'
  if (!shape.head.byName.has(field)) return 'field-unknown'
  const fixed: readonly string[] = [...SUBMISSION_FIELDS, ...entry.key]
  return fixed.includes(field) ? 'field-fixed' : undefined
}

/** What shall stand at a place, by the number of its line; undefined: what stands there. */
type Wanted = (number: string, before: string | null) => string | null | undefined

const wantedIn = (
  refused: WithCompanions,
  target: Beside,
  { field, value, mapping, from, fromField }: CorrectionChange,
): Wanted | LeftWhy => {
  if (value !== undefined) return () => value
  if (mapping !== undefined)
    return (_, before) =>
      before !== null && Object.hasOwn(mapping, before) ? mapping[before] : undefined
  const sources = [refused, ...refused.companions].filter(
    (side) => side !== target && side.row.kind === from && side.isSeen,
  )
  const path = fromField ?? goesWith(target.row.kind, field, from ?? '')
  const [first, ...others] = sources.map((source) => placesIn(source, path))
  if (first === undefined || first.size === 0) return 'no-companion'
  const said = (places: typeof first) =>
    JSON.stringify([...places].map(([number, place]) => [number, place.value]))
  if (others.some((other) => said(other) !== said(first))) return 'several-companions'
  return (number) => first.get(number)?.value
}

/** The field that customs compares with it, else the one of the same name. */
const goesWith = (kind: string, field: string, from: string): string =>
  Object.values(causeFields)
    .flat()
    .find((fields) => fields[kind] === field && fields[from] !== undefined)?.[from] ?? field

/** Places of a field, whether something stands there or not. */
const placesOf = ({ entry, document }: Beside, path: string) => {
  const there = placesIn({ entry, document }, path)
  const [group = '', name] = path.split('/')
  if (name === undefined) {
    const head = shapeOf(entry).head.name
    const pointer = at(head === undefined ? '' : at('', head), path)
    return [{ number: '', pointer, before: there.get('')?.value ?? null }]
  }
  return linesOf(entry, document, group).map((line, i) => ({
    number: line[LINE_NUMBER] ?? String(i + 1),
    pointer: at(at(at('', group), i), name),
    before: line[name] ?? null,
  }))
}

/** The document with its changes, as a submission of its own. */
export const corrected = (
  kind: string,
  document: AnyDocument,
  changes: readonly Pick<Difference, 'pointer' | 'after'>[],
  submission: { readonly guid: string; readonly appType: string; readonly now: Date },
): AnyDocument => {
  const entry = findDeclaration(kind)
  if (entry === undefined) return document
  const { appTime = '' } = headOfDocument(entry, document)
  const { guid, appType, now } = submission
  return withHead(entry, changeDocument(document, changes), {
    ...{ guid, appType, appTime: laterThan(appTime, now) },
  })
}

/** Now, or the second after the version before: customs drops what is not later. */
const laterThan = (appTime: string, now: Date): string => {
  const held = readStamp(appTime.slice(0, 14))
  const next = held === undefined ? now : new Date(held.getTime() + 1000)
  return stamp14(next > now ? next : now)
}
