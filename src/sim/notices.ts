/**
 * What customs tells unasked: the tax bill of a released list, then that it was consolidated or is
 * void; the result of a summary, then the number of its declaration. Which notices there are, what
 * they are about and which fields they have is read off the catalogue; here stands only what the
 * fields hold. The opening notice has lines; a later one has none.
 */
import type { FieldRecord, Notice } from '../catalogue/message.ts'
import { add, type Decimal, readDecimal, writeDecimal, ZERO } from '../kernel/decimal.ts'
import { LINES_PER_DOCUMENT_MAX } from '../kernel/limits.ts'
import { type Filed, goodsOf, laterOf, type Told } from './filed.ts'
import { yuan } from './fixed.ts'
import type { Numbers } from './numbers.ts'
import { lineFields, lineGroup, type SaidNotice, type Saying } from './sayings.ts'
import { taxLines } from './tax.ts'
import { COSTS } from './traits.ts'

/** What is to be said and when it is due, in milliseconds. */
export interface Planned {
  readonly due: number
  readonly saying: Saying
}

export interface NoticesDeps {
  readonly numbers: Numbers
  /** Milliseconds to a notice, and from one to the next. */
  readonly pause: number
  readonly taxBills: 'all' | 'marked'
  readonly stampOf: (at: number) => string
}

export interface Occasion {
  readonly filed: Filed
  /** What it acted upon: the lists of a summary. */
  readonly targets: readonly Filed[]
  /** When it happened as customs sees it, and when its reply is due. */
  readonly at: number
  readonly due: number
}

/** Notices that follow once a document reached what the catalogue says they follow. */
export const openingNotices = (deps: NoticesDeps, occasion: Occasion): readonly Planned[] => {
  const { filed } = occasion
  const kinds = isWanted(deps, filed) ? kindsOf(filed) : undefined
  if (kinds === undefined) return []
  const { at } = occasion
  const way = { endsAt: Number.POSITIVE_INFINITY }
  const told: Told = { given: {}, openedAt: at, toldAt: at, way }
  laterOf(filed).told = told
  const [made, settled, void_] = codesOf(kinds.opening)
  const isVoided = filed.fate.bill === 'voided'
  return [
    ...tell(deps, occasion, { told, entry: kinds.opening, status: made, gives: 'first' }),
    ...tell(deps, occasion, {
      ...{ told, entry: kinds.update, status: isVoided ? void_ : settled },
      gives: isVoided ? 'nothing' : 'later',
    }),
  ]
}

/** What was told of a document holds no longer; nothing where nothing was told. */
export const voidNotice = (deps: NoticesDeps, occasion: Occasion): readonly Planned[] => {
  const kinds = kindsOf(occasion.filed)
  const told = occasion.filed.later?.told
  if (kinds === undefined || told === undefined) return []
  const [made, , status] = codesOf(kinds.update)
  // One that says nothing of being void.
  if (status === made) return []
  // What was planned for later than this is not told any more; this one is.
  told.way.endsAt = Math.max(occasion.at, told.openedAt)
  const last: Told = { ...told, way: { endsAt: Number.POSITIVE_INFINITY } }
  laterOf(occasion.filed).told = last
  return tell(deps, occasion, { told: last, entry: kinds.update, status, gives: 'nothing' })
}

/** A document that asks for something is always told of; for lists it is a setting. */
const isWanted = ({ taxBills }: NoticesDeps, { entry, fate }: Filed): boolean =>
  entry.acts !== undefined || taxBills === 'all' || fate.bill !== undefined

interface Kinds {
  readonly opening: Notice
  readonly update: Notice
}

const kindsOf = (filed: Filed): Kinds | undefined => {
  const { notices } = filed.traits
  const opening = notices.find((entry) => lineGroup(entry) !== undefined)
  if (opening === undefined) return undefined
  return { opening, update: notices.find((entry) => lineGroup(entry) === undefined) ?? opening }
}

/** As in the one sample there is, for a notice whose codes nobody published. */
const SEEN = 'A'

/** Codes for made, settled and void. */
const codesOf = ({ meanings }: Notice): readonly [string, string, string] => {
  const [made = SEEN, settled = made, void_ = made] = Object.keys(meanings)
  return [made, settled, void_]
}

interface Telling {
  readonly told: Told
  readonly entry: Notice
  readonly status: string
  readonly gives: 'first' | 'later' | 'nothing'
}

/** Numbers that a first notice does not know yet. */
const KNOWN_LATER = ['entDutyNo', 'entryId']

const tell = (deps: NoticesDeps, occasion: Occasion, telling: Telling): readonly Planned[] => {
  const { filed, targets } = occasion
  const { told, entry, status, gives } = telling
  const { numbers, pause, stampOf } = deps
  const steps = gives === 'first' ? 1 : 2
  const at = Math.max(occasion.at + steps * pause, told.toldAt + 1)
  told.toldAt = at
  if (gives === 'first') told.openedAt = at
  for (const name of gives === 'nothing' ? [] : entry.gives)
    if (KNOWN_LATER.includes(name) === (gives === 'later') && !(name in told.given)) {
      const facts = { ...filed.facts, ...filed.given, ...told.given }
      told.given = { ...told.given, [name]: numbers.give(name, filed.entry, facts, new Date(at)) }
    }
  const { given, way } = told
  const say = (part: number, count: number, lines: SaidNotice['lines']): Planned => ({
    due: Math.max(occasion.due + steps * pause, at),
    saying: {
      ...{ kind: 'notice', filed, entry, status, at, time: stampOf(at), way, lines },
      values: () => ({ ...given, ...sums(filed, targets), ...split(part, count) }),
    },
  })
  if (gives !== 'first') return [say(1, 1, undefined)]
  if (targets.length === 0) return [say(1, 1, () => taxedLines(filed))]
  const parts = inParts(summarisedLines(entry, targets))
  return parts.map((lines, i) => say(i + 1, parts.length, () => lines))
}

const split = (part: number, count: number): FieldRecord => ({
  msgCount: String(count),
  msgSeqNo: String(part),
})

const inParts = (lines: readonly FieldRecord[]): readonly (readonly FieldRecord[])[] => {
  const parts = Math.max(1, Math.ceil(lines.length / LINES_PER_DOCUMENT_MAX))
  return Array.from({ length: parts }, (_, i) =>
    lines.slice(i * LINES_PER_DOCUMENT_MAX, (i + 1) * LINES_PER_DOCUMENT_MAX),
  )
}

// ---- what the fields hold --------------------------------------------------------------------

/** Sums over the goods of a list, or over the lists of a summary. */
const sums = (filed: Filed, targets: readonly Filed[]): FieldRecord => {
  if (targets.length === 0) {
    const taxes = taxesOf(filed)
    return {
      customsTax: '0',
      valueAddedTax: yuan(taxes.reduce((sum, { vatFen }) => sum + vatFen, 0)),
      consumptionTax: yuan(taxes.reduce((sum, { consumptionFen }) => sum + consumptionFen, 0)),
    }
  }
  const over = (name: string): string =>
    writeDecimal(add(...targets.map(({ facts }) => decimal(facts[name]))))
  return { grossWeight: over('grossWeight'), netWeight: over('netWeight') }
}

const taxedLines = (filed: Filed): readonly FieldRecord[] => {
  const taxes = taxesOf(filed)
  return goodsOf(filed).map(({ gnum = '', gcode = '' }, i) => ({
    ...{ gnum, gcode, customsTax: '0' },
    taxPrice: yuan(taxes[i]?.baseFen ?? 0),
    valueAddedTax: yuan(taxes[i]?.vatFen ?? 0),
    consumptionTax: yuan(taxes[i]?.consumptionFen ?? 0),
  }))
}

const taxesOf = (filed: Filed) =>
  taxLines(
    goodsOf(filed).map(({ gcode = '', totalPrice }) => ({
      gcode,
      fen: fenOf(decimal(totalPrice)),
    })),
    COSTS.reduce((sum, name) => sum + fenOf(decimal(filed.facts[name])), 0),
  )

/** Every line of every list, with the place its goods take in the declaration that comes of it. */
const summarisedLines = (entry: Notice, targets: readonly Filed[]): readonly FieldRecord[] => {
  const places = new Map<string, number>()
  const placeOf = (gcode: string): number => {
    const known = places.get(gcode) ?? places.size + 1
    places.set(gcode, known)
    return known
  }
  const names = lineFields(entry)
  return targets.flatMap((list) =>
    goodsOf(list).map((line) => {
      const gseqno = String(placeOf(line.gcode ?? ''))
      const known: FieldRecord = { ...list.facts, ...list.given, ...line, gseqno }
      return Object.fromEntries(names.map((name) => [name, known[name] ?? '']))
    }),
  )
}

const decimal = (text: string | undefined): Decimal => readDecimal(text ?? '') ?? ZERO

/** A decimal has five places; rounded half up. */
const fenOf = (value: Decimal): number => Number((value + 500n) / 1_000n)
