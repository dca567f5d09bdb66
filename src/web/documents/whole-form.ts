/**
 * The documents of a consignment as one form. What they have in common is asked for once, and the
 * catalogue says what that is: fields of one name, and fields that customs holds against each other.
 * Names of inputs are the first place that says it, with its kind: `CEB311.OrderHead.orderNo`. Pure.
 */
import { matchFields, matchLines, type Side, sameFacts } from '../../catalogue/match-fields.ts'
import type { AnyDocument, Declaration, FieldRecord } from '../../catalogue/message.ts'
import { mostOf } from '../../codec/rule.ts'
import { type FieldShape, type GroupShape, shapeOf } from '../../codec/shape.ts'
import { FORM_LINES_MAX } from './document-limits.ts'
import {
  askedFields,
  documentOfForm,
  type FormBlock,
  type FormField,
  type FormPart,
  type FormValues,
  fieldsOf,
  inputName,
  isRequired,
  lineCount,
} from './form-model.ts'
import { formTexts as texts } from './form-texts.ts'
import { kindShort } from './names.ts'

export interface WholeForm {
  readonly entries: readonly Declaration[]
  readonly parts: readonly FormPart[]
  /** The input that fills a place of a document, as its own form would name it. */
  inputOf(entry: Declaration, name: string): string
}

/** A field that the form asks for, wherever it stands. */
interface Place {
  readonly entry: Declaration
  readonly group: GroupShape
  readonly shape: FieldShape
}

/** Free words about one document are not about the others. */
const OWN_NAME = 'note'

export const wholeForm = (entries: readonly Declaration[]): WholeForm => {
  const places = entries.flatMap(placesOf)
  const known = new Map(places.map((place) => [keyOf(place), place]))
  const first = firstPlaces(entries, known)
  const members = new Map<string, Place[]>()
  for (const place of places) {
    const key = first(keyOf(place))
    const same = members.get(key) ?? []
    members.set(key, [...same, place])
  }
  const asked = [...members].flatMap(([key, same]) => {
    const place = known.get(key)
    return place === undefined ? [] : [{ place, same, field: fieldOf(place, same) }]
  })
  return {
    entries,
    parts: partsOf(entries, asked),
    inputOf: (entry, name) => {
      const parts = name.split('.')
      const group = parts.length > 1 ? parts[0] : ''
      const place = known.get(first(`${entry.code}.${group}.${parts.at(-1)}`))
      if (place === undefined) return `${entry.code}.${name}`
      return inputAt(place, parts.length > 2 ? Number(parts[1]) : 0)
    },
  }
}

const placesOf = (entry: Declaration): readonly Place[] =>
  shapeOf(entry).groups.flatMap((group) =>
    askedFields(entry, group).map((shape) => ({ entry, group, shape })),
  )

const keyOf = ({ entry, group, shape }: Place): string =>
  `${entry.code}.${group.name ?? ''}.${shape.name}`

const inputAt = ({ entry, group, shape }: Place, line: number): string =>
  `${entry.code}.${inputName(group, shape.name, line)}`

/** Of all places that say the same the first, in the order of the consignment. */
const firstPlaces = (
  entries: readonly Declaration[],
  known: ReadonlyMap<string, Place>,
): ((key: string) => string) => {
  const order = new Map([...known.keys()].map((key, index) => [key, index]))
  const before = new Map<string, string>()
  const first = (key: string): string => {
    const earlier = before.get(key)
    return earlier === undefined ? key : first(earlier)
  }
  for (const [one, other] of [...sameHeads(entries, known), ...sameLines(entries)]) {
    if (!known.has(one) || !known.has(other)) continue
    const [early = one, late = other] = [first(one), first(other)].toSorted(
      (a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0),
    )
    if (early !== late) before.set(late, early)
  }
  return first
}

type Pair = readonly [string, string]

const pairsOf = <T>(all: readonly T[]): readonly (readonly [T, T])[] =>
  all.flatMap((one, index) => all.slice(index + 1).map((other) => [one, other] as const))

const sameHeads = (
  entries: readonly Declaration[],
  known: ReadonlyMap<string, Place>,
): readonly Pair[] => {
  const heads = new Map(entries.map((entry) => [entry.code, shapeOf(entry).head]))
  const keyAt = ([kind, field]: Side): string => `${kind}.${heads.get(kind)?.name ?? ''}.${field}`
  const named = pairsOf(entries).flatMap(([one, other]) =>
    [...(heads.get(one.code)?.byName.values() ?? [])].flatMap((shape): Pair[] => {
      const twin = heads.get(other.code)?.byName.get(shape.name)
      const isSame = twin !== undefined && shape.name !== OWN_NAME && meansTheSame(shape, twin)
      return isSame ? [[keyAt([one.code, shape.name]), keyAt([other.code, shape.name])]] : []
    }),
  )
  const compared = [...matchFields.map(({ sides }) => sides), ...sameFacts].map(
    ([one, other]): Pair => [keyAt(one), keyAt(other)],
  )
  // Whose numbers are the same, their types are.
  const types = compared.flatMap((pair): Pair[] => {
    const [one, other] = pair.map((key) => {
      const { entry, shape } = known.get(key) ?? {}
      const identity = shape?.field.identity
      return entry === undefined || typeof identity !== 'object'
        ? undefined
        : keyAt([entry.code, identity.type])
    })
    return one === undefined || other === undefined ? [] : [[one, other]]
  })
  return [...named, ...compared, ...types]
}

/** One name may stand for two things, such as the freight of an order and that of its waybill. */
const meansTheSame = ({ field }: FieldShape, { field: other }: FieldShape): boolean =>
  field.zh === other.zh || (field.fixed !== undefined && field.fixed === other.fixed)

/** Lines stand one to one, so that one name is one thing. */
const sameLines = (entries: readonly Declaration[]): readonly Pair[] =>
  matchLines.flatMap(({ sides: [one, other], number, fields }) => {
    const groups = [one, other].map(([kind, group]) => {
      const entry = entries.find(({ code }) => code === kind)
      return entry === undefined ? undefined : shapeOf(entry).byName.get(group)
    })
    if (groups.includes(undefined)) return []
    const named = [...(groups[0]?.byName.keys() ?? [])].filter((name) => name !== OWN_NAME)
    const names = [...named.map((name) => [name, name]), ...fields.map((each) => each.names)]
    return [[number, number], ...names].map(
      ([mine = '', theirs = '']): Pair => [
        `${one.join('.')}.${mine}`,
        `${other.join('.')}.${theirs}`,
      ],
    )
  })

/** As strict as the strictest of them: required where one requires it, no longer than each takes. */
const fieldOf = (place: Place, same: readonly Place[]): FormField => {
  const { shape } = place
  const lengthOf = ({ shape: { field } }: Place): number => mostOf(field) ?? Number.MAX_SAFE_INTEGER
  const shortest = same.toSorted((a, b) => lengthOf(a) - lengthOf(b))[0]?.shape.field
  const when = same.find((each) => each.shape.field.requiredWhen !== undefined)
  const { requiredWhen } = when?.shape.field ?? {}
  return {
    shape: {
      ...shape,
      field: {
        ...(shortest ?? shape.field),
        zh: shape.field.zh,
        required: same.some((each) => isRequired(each.shape)),
        ...(requiredWhen === undefined ? {} : { requiredWhen }),
      },
    },
    input: (line) => inputAt(place, line),
  }
}

interface Asked {
  readonly place: Place
  readonly same: readonly Place[]
  readonly field: FormField
}

/** What is common first, then lines of goods, then what each document says by itself. */
const partsOf = (entries: readonly Declaration[], asked: readonly Asked[]): readonly FormPart[] => {
  const isShared = ({ same }: Asked): boolean => new Set(same.map(({ entry }) => entry)).size > 1
  const ofLines = asked.filter(({ place }) => !place.group.single)
  const ofHeads = asked.filter(({ place }) => place.group.single)
  const fields = (some: readonly Asked[]): readonly FormField[] => some.map(({ field }) => field)
  const ownOf = (entry: Declaration, some: readonly Asked[]): FormBlock => ({
    ...{ of: entry.offers?.part, title: ownTitle(entry) },
    fields: fields(some.filter((each) => each.place.entry === entry && !isShared(each))),
  })
  const filled = (blocks: readonly FormBlock[]) => blocks.filter((block) => block.fields.length > 0)
  const common = filled([{ fields: fields(ofHeads.filter(isShared)) }])
  const lines = filled([
    { fields: fields(ofLines.filter(isShared)) },
    ...entries.map((entry) => ownOf(entry, ofLines)),
  ])
  const prefixes = new Set(ofLines.map(({ place }) => `${place.entry.code}.${place.group.name}`))
  const max = Math.min(...ofLines.map(({ place }) => place.group.max))
  const single = { single: true, max: 1, prefixes: [] }
  return [
    ...(common.length > 0
      ? [{ ...single, name: 'common', title: texts.common, blocks: common }]
      : []),
    ...(lines.length > 0
      ? [
          {
            name: LINES,
            title: texts.goods,
            single: false,
            max,
            prefixes: [...prefixes],
            blocks: lines,
          },
        ]
      : []),
    ...entries.map((entry) => ({
      ...single,
      ...{ name: entry.code, kind: entry.code, title: kindTitle(entry) },
      blocks: [{ of: entry.offers?.part, fields: ownOf(entry, ofHeads).fields }],
    })),
  ]
}

/** Name of the card of goods. */
const LINES = 'goods'

const kindTitle = ({ code }: Declaration) => ({
  zh: `${kindShort(code, 'zh')} ${code}`,
  en: `${kindShort(code, 'en')} ${code}`,
})

const ownTitle = (entry: Declaration) => ({
  zh: texts.only.zh.replace('{kind}', kindTitle(entry).zh),
  en: texts.only.en.replace('{kind}', kindTitle(entry).en),
})

/** The document of a kind that was typed; what it shares comes from the inputs of others. */
export const documentOfWhole = (
  form: WholeForm,
  entry: Declaration,
  typed: FormValues,
  submission: FieldRecord,
): AnyDocument => {
  const values: Record<string, string> = {}
  for (const group of shapeOf(entry).groups) {
    const count = group.single ? 1 : linesOf(form, typed)
    for (let line = 0; line < count; line += 1)
      for (const { name } of askedFields(entry, group)) {
        const input = inputName(group, name, line)
        const value = typed[form.inputOf(entry, input)]
        if (value !== undefined) values[input] = value
      }
  }
  return documentOfForm(entry, values, submission, undefined)
}

const goodsOf = ({ parts }: WholeForm): FormPart | undefined => parts.find(({ single }) => !single)

const linesOf = (form: WholeForm, values: FormValues): number =>
  lineCount(goodsOf(form)?.prefixes ?? [], values)

/**
 * Lines that say no more than their defaults are left out, the others numbered where they are not, so
 * that the same line of every document is the same line of the form.
 */
export const withoutBlankLines = (form: WholeForm, values: FormValues): FormValues => {
  const part = goodsOf(form)
  if (part === undefined) return values
  const [number, ...fields] = fieldsOf(part)
  if (number === undefined) return values
  const kept = Object.fromEntries(
    Object.entries(values).filter(
      ([name]) => !part.prefixes.some((prefix) => name.startsWith(`${prefix}.`)),
    ),
  )
  let next = 0
  for (let line = 0; line < Math.min(FORM_LINES_MAX, linesOf(form, values)); line += 1) {
    const typed = fields.filter(({ input }) => (values[input(line)] ?? '').trim() !== '')
    if (typed.every(({ shape }) => shape.field.fixed !== undefined)) continue
    for (const { input } of typed) kept[input(next)] = values[input(line)] ?? ''
    kept[number.input(next)] = (values[number.input(line)] ?? '').trim() || String(next + 1)
    next += 1
  }
  return kept
}
