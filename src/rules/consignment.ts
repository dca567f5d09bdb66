/**
 * Compares the documents of a consignment before customs does: head fields, lines by their number,
 * sums. Pure: takes the documents that are there by kind, gives both values wherever two of them
 * carry a field. A field that either side leaves out cannot be told about.
 */
import {
  type ComparedAs,
  type MatchField,
  type MatchLines,
  type MatchSum,
  matchFields,
  matchLines,
  matchSums,
  type Side,
} from '../catalogue/match-fields.ts'
import type { FieldRecord } from '../catalogue/message.ts'
import type { RuleCode } from '../catalogue/rules/index.ts'
import { add, type Decimal, readDecimal, subtract, writeDecimal, ZERO } from '../kernel/decimal.ts'
import type { Text } from '../kernel/fault.ts'

export type Verdict = 'equal' | 'differs' | 'cannot-tell'

export interface Comparison extends Text {
  readonly rule: RuleCode
  readonly verdict: Verdict
  /** By kind, of those that are there and name it: the field, and where in the document. */
  readonly places: Readonly<Record<string, Place>>
  readonly values: Readonly<Record<string, string>>
  /** Number of the line it is about; left out for heads. */
  readonly line?: string
  /** Of a sum: what the terms come to, and the terms. */
  readonly expected?: string
  readonly terms?: Readonly<Record<string, string>>
}

export interface Place {
  /** '' for the head. */
  readonly group: string
  /** Index of the record in its group; -1 where all of it is meant, or the head. */
  readonly index: number
  /** '' where the group itself is meant. */
  readonly field: string
}

/** A document as far as it is compared. */
export interface Compared {
  readonly head: FieldRecord
  readonly lines: (group: string) => readonly FieldRecord[]
}

export type Documents = ReadonlyMap<string, Compared>

/** Everything that concerns the kinds that are there; lines only where they differ, or all at once. */
export const compareConsignment = (documents: Documents): readonly Comparison[] => [
  ...matchFields.filter(({ sides }) => concerns(documents, sides)).map(compareHeads(documents)),
  ...judgeSums(documents),
  ...matchLines
    .filter(({ sides }) => concerns(documents, sides))
    .flatMap((rule) => compareLines(documents, rule)),
]

/** Sums inside single documents. */
export const judgeSums = (documents: Documents): readonly Comparison[] =>
  matchSums.flatMap((sum) => sumUp(documents, sum))

/** Rules that are broken, each once. */
export const brokenRules = (comparisons: readonly Comparison[]): readonly RuleCode[] => [
  ...new Set(comparisons.filter(({ verdict }) => verdict === 'differs').map(({ rule }) => rule)),
]

/** Import and export stand in one table; what names none of the kinds that are there says nothing. */
const concerns = (documents: Documents, sides: readonly [Side, Side]): boolean =>
  sides.some(([kind]) => documents.has(kind))

const compareHeads =
  (documents: Documents) =>
  ({ rule, zh, en, sides, as }: MatchField): Comparison => {
    const told = sides.flatMap(([kind, field]) => {
      const value = documents.get(kind)?.head[field]
      const place: Place = { group: '', index: -1, field }
      return value === undefined ? [] : [{ kind, value, place }]
    })
    return { rule, zh, en, ...sideBySide(told, as) }
  }

interface Told {
  readonly kind: string
  readonly value: string
  readonly place: Place
}

const sideBySide = (
  told: readonly Told[],
  as: ComparedAs,
): Pick<Comparison, 'verdict' | 'values' | 'places'> => {
  const [one, other] = told
  const verdict: Verdict =
    one === undefined || other === undefined
      ? 'cannot-tell'
      : same(as, one.value, other.value)
        ? 'equal'
        : 'differs'
  return {
    verdict,
    values: Object.fromEntries(told.map(({ kind, value }) => [kind, value])),
    places: Object.fromEntries(told.map(({ kind, place }) => [kind, place])),
  }
}

const same = (as: ComparedAs, a: string, b: string): boolean =>
  a === b || (as === 'decimal' && readDecimal(a) === readDecimal(b))

/** Whether a sum inside the head of one document is not what its terms come to. */
export const isUnequal = (head: FieldRecord, sum: MatchSum): boolean => {
  const total = head[sum.total]
  return total !== undefined && readDecimal(total) !== expectedOf(head, sum)
}

/** A term that is left out counts nothing; a total that is left out cannot be judged. */
const expectedOf = (head: FieldRecord, { plus, minus }: MatchSum): Decimal => {
  let expected = ZERO
  for (const name of plus) expected = add(expected, readDecimal(head[name] ?? '') ?? ZERO)
  for (const name of minus) expected = subtract(expected, readDecimal(head[name] ?? '') ?? ZERO)
  return expected
}

const sumUp = (documents: Documents, sum: MatchSum): readonly Comparison[] => {
  const head = documents.get(sum.kind)?.head
  const total = head?.[sum.total]
  if (head === undefined || total === undefined) return []
  const expected = expectedOf(head, sum)
  const { rule, zh, en, kind } = sum
  const terms = [...sum.plus, ...sum.minus].flatMap((name) =>
    head[name] === undefined ? [] : [[name, head[name]] as const],
  )
  return [
    {
      ...{ rule, zh, en, verdict: expected === readDecimal(total) ? 'equal' : 'differs' },
      values: { [kind]: total },
      places: { [kind]: { group: '', index: -1, field: sum.total } },
      expected: writeDecimal(expected),
      terms: Object.fromEntries(terms),
    },
  ]
}

const compareLines = (documents: Documents, rule: MatchLines): readonly Comparison[] => {
  const sides = rule.sides.map(([kind, group]) => ({
    ...{ kind, group, lines: documents.get(kind)?.lines(group) },
  }))
  const counts = sideBySide(
    sides.flatMap(({ kind, group, lines }) =>
      lines === undefined
        ? []
        : [{ kind, value: String(lines.length), place: { group, index: -1, field: '' } }],
    ),
    'decimal',
  )
  const count: Comparison = {
    ...{ rule: rule.counts, zh: '商品项数', en: 'Number of lines' },
    ...counts,
  }
  const [one, other] = sides
  if (one?.lines === undefined || other?.lines === undefined) return [count]
  const differing = linesThatDiffer(rule, one, other, counts.verdict === 'differs')
  if (differing.length > 0) return [count, ...differing]
  const all = { rule: rule.rule, zh: '各项商品', en: 'Every line of goods' } as const
  return [count, { ...all, verdict: 'equal', values: {}, places: {} }]
}

interface LineSide {
  readonly kind: string
  readonly group: string
  readonly lines?: readonly FieldRecord[] | undefined
}

/**
 * Lines are partners by their number. One without a partner breaks the rule itself, unless the
 * numbers of lines differ anyway: then that is what is wrong with it.
 */
const linesThatDiffer = (
  rule: MatchLines,
  one: LineSide,
  other: LineSide,
  countsDiffer: boolean,
): readonly Comparison[] => {
  const numbered = ({ lines = [] }: LineSide) =>
    new Map(lines.map((line, index) => [line[rule.number] ?? '', { line, index }]))
  const [ones, others] = [numbered(one), numbered(other)]
  const found: Comparison[] = []
  for (const number of new Set([...ones.keys(), ...others.keys()])) {
    const [left, right] = [ones.get(number), others.get(number)]
    if (left === undefined || right === undefined) {
      if (!countsDiffer) found.push(withoutPartner(rule, number, { one, other, left, right }))
      continue
    }
    for (const { zh, en, names, as } of rule.fields) {
      const told = [toldOf(one, left, names[0]), toldOf(other, right, names[1])].flatMap(
        (each) => each ?? [],
      )
      const judged = sideBySide(told, as)
      if (judged.verdict === 'differs')
        found.push({ rule: rule.rule, zh, en, line: number, ...judged })
    }
  }
  return found
}

interface Numbered {
  readonly line: FieldRecord
  readonly index: number
}

const toldOf = (
  { kind, group }: LineSide,
  { line, index }: Numbered,
  field: string,
): Told | undefined => {
  const value = line[field]
  return value === undefined ? undefined : { kind, value, place: { group, index, field } }
}

const withoutPartner = (
  { rule, number: field }: MatchLines,
  line: string,
  sides: {
    readonly one: LineSide
    readonly other: LineSide
    readonly left: Numbered | undefined
    readonly right: Numbered | undefined
  },
): Comparison => {
  const { one, other, left, right } = sides
  const told = [
    left === undefined ? undefined : toldOf(one, left, field),
    right === undefined ? undefined : toldOf(other, right, field),
  ].flatMap((each) => each ?? [])
  const text = { zh: '没有对应序号的商品', en: 'No line with this number on the other side' }
  return { rule, ...text, line, ...sideBySide(told, 'text'), verdict: 'differs' }
}
