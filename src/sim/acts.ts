/**
 * Documents that ask customs to do something with others: cancel a list, take goods back, note an
 * arrival or a departure, sum up a month. Says whether it may be done and to which documents; what
 * follows for them is done in `effects.ts`. Which document does what to which is read off the
 * catalogue. Result codes only where one was seen, free text otherwise (status codes, 202205).
 */
import { situationCode } from '../catalogue/error-codes.ts'
import { findMessage } from '../catalogue/index.ts'
import type { Act, AnyDocument, Declaration, FieldRecord } from '../catalogue/message.ts'
import { resultText } from '../catalogue/result-codes.ts'
import { headOfDocument, linesOf } from '../codec/document.ts'
import { add, type Decimal, readDecimal, ZERO } from '../kernel/decimal.ts'
import { SIM_SUMMARY_LISTS_MAX } from '../kernel/limits.ts'
import type { Step } from './fates.ts'
import { type Filed, goodsOf } from './filed.ts'
import type { Registry } from './registry.ts'
import { CARRIER, FIRMS, traitsOf } from './traits.ts'

export interface Asked {
  readonly acts: Act
  readonly entry: Declaration
  readonly head: FieldRecord
  /** Lines of the act's group, or of any other group it has beside its head. */
  readonly lines: readonly FieldRecord[]
  /** When customs looks at it: official time in milliseconds. */
  readonly at: number
}

export type Judgement =
  | { readonly kind: 'granted'; readonly targets: readonly Filed[] }
  | { readonly kind: 'refused'; readonly step: Step }

export const askedOf = (
  entry: Declaration,
  document: AnyDocument,
  at: number,
): Asked | undefined => {
  const { acts, body } = entry
  if (acts === undefined) return undefined
  const group = 'fields' in body ? undefined : Object.keys(body.groups)[1]
  const lines = group === undefined ? [] : linesOf(entry, document, group)
  return { acts, entry, head: headOfDocument(entry, document), lines, at }
}

export const judgeAct = (registry: Registry, asked: Asked): Judgement => {
  const named = isByTime(asked) ? lapsed(registry, asked) : byNumber(registry, asked)
  const { targets, unknown } = named
  const noun = nounOf(asked.acts)
  if (unknown.length > 0) return refused(asked, 'target-unknown', `${noun}不存在：${some(unknown)}`)
  if (targets.length === 0) return refused(asked, undefined, `没有可汇总的${noun}`)
  const objection =
    foreign(asked, targets) ?? checks[asked.acts.verb](asked, targets, noun) ?? undefined
  if (objection === undefined) return { kind: 'granted', targets }
  return objection
}

interface Named {
  readonly targets: readonly Filed[]
  /** Numbers that no document bears. */
  readonly unknown: readonly string[]
}

/** Documents that customs holds: not refused, deleted or cancelled. */
const stands = (filed: Filed | undefined): filed is Filed =>
  filed !== undefined && (filed.standing === 'open' || filed.standing === 'decided')

const byNumber = (registry: Registry, { acts, head, lines }: Asked): Named => {
  const { on, by, group } = acts
  const numbers = group === undefined ? [head[by] ?? ''] : lines.map((line) => line[by] ?? '')
  const targets = new Set<Filed>()
  const unknown: string[] = []
  for (const number of numbers) {
    const found = registry.findBy(on, by, number)
    if (stands(found)) targets.add(found)
    else unknown.push(number)
  }
  return { targets: [...targets], unknown }
}

/** A time from and to instead of numbers makes the lines be ignored (note on CEB701). */
const isByTime = ({ head }: Asked): boolean => (head.startTime ?? '') !== ''

const lapsed = (registry: Registry, asked: Asked): Named => {
  const { acts, head, at } = asked
  const targets: Filed[] = []
  for (const filed of registry.all()) {
    if (targets.length >= SIM_SUMMARY_LISTS_MAX) break
    const { appTime } = filed
    const isMeant =
      filed.entry.code === acts.on &&
      appTime >= (head.startTime ?? '') &&
      appTime <= (head.endTime ?? '')
    if (isMeant && stands(filed) && isReleased(filed, at) && isToSum(filed) && isSame(head, filed))
      targets.push(filed)
  }
  return { targets, unknown: [] }
}

// ---- what speaks against it ------------------------------------------------------------------

const isReleased = ({ releasedAt }: Filed, at: number): boolean =>
  releasedAt !== undefined && releasedAt <= at

/** A list that must be summed up and was not yet. */
const isToSum = ({ entry, facts, later }: Filed): boolean =>
  facts[entry.summarised?.flag ?? ''] === entry.summarised?.consolidated &&
  later?.summarised !== true

const isSame = (head: FieldRecord, filed: Filed, fields: readonly string[] = FIRMS): boolean =>
  fields.every((name) => {
    const [ours, theirs] = [head[name], filed.facts[name]]
    return ours === undefined || theirs === undefined || ours === theirs
  })

const foreign = (asked: Asked, targets: readonly Filed[]): Judgement | undefined => {
  // A parcel's number is its carrier's; goods may come back with another.
  const fields = asked.acts.by === 'logisticsNo' ? [...FIRMS, CARRIER] : FIRMS
  const others = targets.filter((filed) => !isSame(asked.head, filed, fields))
  if (others.length === 0) return undefined
  return refused(asked, undefined, `企业与${nounOf(asked.acts)}不一致：${told(asked, others)}`)
}

type Check = (asked: Asked, targets: readonly Filed[], noun: string) => Judgement | undefined

const anyTime: Check = () => undefined

const onceReleased: Check = (asked, targets, noun) => {
  const early = targets.filter((filed) => !isReleased(filed, asked.at))
  return early.length === 0
    ? undefined
    : refused(asked, undefined, `${noun}未放行：${told(asked, early)}`)
}

const beforeRelease: Check = (asked, targets, noun) => {
  if (!targets.some((filed) => isReleased(filed, asked.at))) return undefined
  const isImport = asked.entry.direction === 'import'
  return refused(asked, undefined, isImport ? resultText('22007') : `${noun}已放行，不能撤销`)
}

const toBeSummed: Check = (asked, targets, noun) => {
  const plain = targets.filter((filed) => !isToSum(filed))
  return plain.length === 0
    ? onceReleased(asked, targets, noun)
    : refused(asked, undefined, `${noun}不须汇总或已汇总：${told(asked, plain)}`)
}

const whatWasListed: Check = (asked, targets, noun) => {
  const early = onceReleased(asked, targets, noun)
  if (early !== undefined) return early
  const [list] = targets
  if (list === undefined) return undefined
  const listed = new Map(goodsOf(list).map((line) => [line.gnum ?? '', line]))
  const strange = asked.lines.filter(({ gnum = '', gcode }) => listed.get(gnum)?.gcode !== gcode)
  if (strange.length > 0)
    return refused(asked, 'line-unknown', `${noun}没有该项商品：${some(numbersOf(strange))}`)
  const taken = sumQuantities(asked.lines, list.later?.returned)
  const above = asked.lines.filter(
    ({ gnum = '' }) => (taken.get(gnum) ?? ZERO) > quantity(listed.get(gnum)),
  )
  return above.length === 0
    ? undefined
    : refused(asked, undefined, `退货数量超过${noun}数量：${some(numbersOf(above))}`)
}

const checks: Readonly<Record<Act['verb'], Check>> = {
  cancel: beforeRelease,
  return: whatWasListed,
  tally: anyTime,
  arrive: anyTime,
  depart: onceReleased,
  consolidate: anyTime,
  summarise: toBeSummed,
  deliver: anyTime,
}

/** Quantities by line number, on top of those taken before. */
export const sumQuantities = (
  lines: readonly FieldRecord[],
  before: ReadonlyMap<string, Decimal> = new Map(),
): Map<string, Decimal> => {
  const sums = new Map(before)
  for (const line of lines) {
    const { gnum = '' } = line
    sums.set(gnum, add(sums.get(gnum) ?? ZERO, quantity(line)))
  }
  return sums
}

const quantity = (line: FieldRecord | undefined): Decimal => readDecimal(line?.qty ?? '') ?? ZERO

const numbersOf = (lines: readonly FieldRecord[]): readonly string[] =>
  lines.map(({ gnum = '' }) => gnum)

// ---- how it is said --------------------------------------------------------------------------

/** By the e-port's own code where one is published, else by customs. */
const refused = (
  { entry }: Asked,
  situation: 'target-unknown' | 'line-unknown' | undefined,
  info: string,
): Judgement => {
  const code = situation === undefined ? undefined : situationCode(entry.code, situation)
  return { kind: 'refused', step: { status: code ?? REJECTED, info, pause: 'stored' } }
}

const REJECTED = '100'

const nounOf = ({ on }: Act): string => {
  const target = findMessage(on)
  return target?.sort === 'declaration' ? traitsOf(target).noun : ''
}

const told = ({ acts }: Asked, targets: readonly Filed[]): string =>
  some(targets.map(({ facts, given }) => given[acts.by] ?? facts[acts.by] ?? ''))

/** Numbers named in one text; the field holds a thousand characters. */
const NAMED_MAX = 5

const some = (numbers: readonly string[]): string => {
  const named = numbers.slice(0, NAMED_MAX).join('，')
  return numbers.length > NAMED_MAX ? `${named} 等${numbers.length}项` : named
}
