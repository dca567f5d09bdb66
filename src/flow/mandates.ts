/**
 * Mandates (委托) as they are given, ended and read: the principal lets an agent hand in documents in
 * his name, of some kinds, for some zones or all of them, from one day to another. Both sides see it;
 * only the principal, or the operator for him, gives or ends it. Nothing of one is ever deleted.
 */
import { mandateSubjects } from '../catalogue/mandate-subjects.ts'
import { addDays, chinaDay, DAY_MS, readStamp } from '../kernel/clock.ts'
import { at, type Fault } from '../kernel/fault.ts'
import { isId } from '../kernel/ids.ts'
import { PAGE_ROWS, PAGE_ROWS_MAX } from '../kernel/limits.ts'
import { MANDATE_WARNING_DAYS } from '../kernel/mandate-limits.ts'
import { findEnterprise, findEnterpriseByCode } from '../store/accounts.ts'
import {
  endMandate,
  findMandate,
  findUnknownZones,
  insertMandate,
  listMandates,
  type MandateRow,
  type MandateState,
  type NewMandate,
  type Today,
} from '../store/mandates.ts'
import type { Caller, FlowDeps } from './types.ts'

export interface MandateView extends Omit<MandateRow, 'endedAt' | 'createdAt'> {
  readonly endedAt: string | null
  readonly createdAt: string
  /** Days until the last one, 0 on the day itself; null without an end, and when it is over. */
  readonly daysLeft: number | null
  /** The smallest of the named numbers of days that `daysLeft` has come down to; else null. */
  readonly warning: number | null
}

type Deps = Pick<FlowDeps, 'db' | 'clock' | 'ids'>

const todayOf = ({ clock }: Pick<FlowDeps, 'clock'>): Today => {
  const now = clock.now()
  return { day: chinaDay(now), now }
}

const viewOf = (row: MandateRow, { day }: Today): MandateView => {
  const { lastDay, state } = row
  const daysLeft = lastDay === null || state === 'over' ? null : daysBetween(day, lastDay)
  const reached = MANDATE_WARNING_DAYS.filter((days) => daysLeft !== null && daysLeft <= days)
  return {
    ...row,
    createdAt: row.createdAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
    daysLeft,
    warning: reached.length === 0 ? null : Math.min(...reached),
  }
}

/** Days in China, yyyy-MM-dd. */
const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS)

export type MandateAnswer =
  | { readonly kind: 'wrong'; readonly faults: readonly Fault[] }
  | { readonly kind: 'mandate'; readonly mandate: MandateView }

/** The agent is named by its id, or by a code that customs knows it by. */
export interface WantedMandate extends Omit<NewMandate, 'id' | 'agentId'> {
  readonly agentId?: string | undefined
  readonly agentCode?: string | undefined
}

/** The caller was found to be the principal, or the operator. */
export const giveMandate = async (
  deps: Deps,
  { agentId, agentCode, ...given }: WantedMandate,
): Promise<MandateAnswer> => {
  const named =
    agentCode === undefined
      ? { id: agentId, pointer: '/agentId' }
      : {
          id: (await findEnterpriseByCode(deps.db, agentCode.toUpperCase()))?.id,
          pointer: '/agentCode',
        }
  const wanted = { ...given, agentId: named.id ?? '' }
  const faults = await checkMandate(deps, wanted, named.pointer)
  if (faults.length > 0) return { kind: 'wrong', faults }
  const today = todayOf(deps)
  const id = deps.ids.next()
  await insertMandate(deps.db, { ...wanted, id }, today.now)
  return { kind: 'mandate', mandate: viewOf(await getMandate(deps, id, today), today) }
}

/** A mandate the caller is a party of, or any for the operator; undefined for every other. */
export const mandateFor = async (
  deps: Deps,
  parties: readonly string[] | 'all',
  id: string,
): Promise<MandateView | undefined> => {
  if (!isId(id)) return undefined
  const today = todayOf(deps)
  const row = await findMandate(deps.db, id, today)
  if (row === undefined) return undefined
  const isParty =
    parties === 'all' || [row.principalId, row.agentId].some((one) => parties.includes(one))
  return isParty ? viewOf(row, today) : undefined
}

/** Ends it at once, or after the day `on`. `over`: it holds no more anyhow. */
export const endMandateOf = async (
  deps: Deps,
  { id, lastDay }: Pick<MandateView, 'id' | 'lastDay'>,
  on: string | undefined,
): Promise<MandateAnswer | { readonly kind: 'over' }> => {
  const today = todayOf(deps)
  if (on !== undefined) {
    const faults = checkEnd(on, today.day, lastDay)
    if (faults.length > 0) return { kind: 'wrong', faults }
  }
  const moment = on === undefined ? today.now : startOf(addDays(on, 1))
  const end = { at: moment, on: on ?? today.day }
  if (!(await endMandate(deps.db, id, end, today))) return { kind: 'over' }
  return { kind: 'mandate', mandate: viewOf(await getMandate(deps, id, today), today) }
}

const getMandate = async ({ db }: Deps, id: string, today: Today): Promise<MandateRow> => {
  const row = await findMandate(db, id, today)
  if (row === undefined) throw new Error(`mandate ${id} is not stored`)
  return row
}

export interface MandateQuery {
  readonly state?: MandateState | undefined
  /** In force, with no more than so many days left. */
  readonly lapsing?: number | undefined
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}

/** What an enterprise gave and holds, oldest first; all mandates when none is named. */
export const mandatesOf = async (
  deps: Deps,
  enterpriseId: string | undefined,
  { state, lapsing, cursor, limit = PAGE_ROWS }: MandateQuery,
): Promise<{ readonly mandates: readonly MandateView[]; readonly next: string | null }> => {
  const today = todayOf(deps)
  const lapsingBy = lapsing === undefined ? undefined : addDays(today.day, lapsing)
  const size = Math.min(limit, PAGE_ROWS_MAX)
  const filter = { enterpriseId, state, lapsingBy, after: cursor, limit: size + 1 }
  const rows = await listMandates(deps.db, filter, today)
  const page = rows.slice(0, size)
  return {
    mandates: page.map((row) => viewOf(row, today)),
    next: rows.length > size ? (page.at(-1)?.id ?? null) : null,
  }
}

/** Who handed a document in; the mandate is shown to its parties and the operator only. */
export const handedInBy = async (
  deps: Pick<FlowDeps, 'db' | 'clock'>,
  caller: Caller,
  row: { readonly submittedBy: string; readonly mandateId: string | null },
): Promise<HandedIn> => {
  const by = row.submittedBy
  if (row.mandateId === null) return { by, mandate: null }
  const today = todayOf(deps)
  const found = await findMandate(deps.db, row.mandateId, today)
  const isParty =
    caller.operator === true || [found?.principalId, found?.agentId].includes(caller.enterpriseId)
  return { by, mandate: found === undefined || !isParty ? null : viewOf(found, today) }
}

export interface HandedIn {
  /** Id of the enterprise that handed this version in. */
  readonly by: string
  /** Null where the sender did so himself. */
  readonly mandate: MandateView | null
}

const checkMandate = async (
  { db }: Deps,
  wanted: Omit<NewMandate, 'id'>,
  agentPointer: string,
): Promise<readonly Fault[]> => {
  const faults: Fault[] = []
  const { principalId, agentId, kinds, zones, validFrom, validTo } = wanted
  if (principalId === agentId) faults.push(mandateFault('agentId-SAME', agentPointer))
  for (const [index, kind] of kinds.entries())
    if (!mandateSubjects.includes(kind))
      faults.push(mandateFault('kinds-UNKNOWN', at('/kinds', String(index))))
  const unknown = await findUnknownZones(db, zones)
  for (const [index, zone] of zones.entries())
    if (unknown.has(zone)) faults.push(mandateFault('zones-UNKNOWN', at('/zones', String(index))))
  if (!isDay(validFrom)) faults.push(mandateFault('day-UNREAL', '/validFrom'))
  else if (validTo !== null && !isDay(validTo)) faults.push(mandateFault('day-UNREAL', '/validTo'))
  else if (validTo !== null && validTo < validFrom)
    faults.push(mandateFault('validTo-EARLIER', '/validTo'))
  for (const [id, pointer] of [
    [principalId, '/principalId'],
    [agentId, agentPointer],
  ] as const)
    if ((await findEnterprise(db, id)) === undefined)
      faults.push(mandateFault('enterprise-UNKNOWN', pointer))
  return faults
}

const checkEnd = (on: string, today: string, lastDay: string | null): readonly Fault[] => {
  if (!isDay(on)) return [mandateFault('day-UNREAL', '/on')]
  if (on < today) return [mandateFault('on-PAST', '/on')]
  return lastDay !== null && on > lastDay ? [mandateFault('on-LATER', '/on')] : []
}

const isDay = (text: string): boolean => readStamp(text.replaceAll('-', '')) !== undefined

/** First moment of a day in China. */
const startOf = (day: string): Date => {
  const moment = readStamp(day.replaceAll('-', ''))
  if (moment === undefined) throw new Error(`${day} is no day`)
  return moment
}

const mandateFault = (what: keyof typeof texts, pointer: string): Fault => {
  const [zh, en, cureZh, cureEn] = texts[what]
  return {
    ...{ code: `MANDATE-${what}`, pointer, severity: 'error' },
    ...{ text: { zh, en }, cure: { zh: cureZh, en: cureEn } },
  }
}

const texts = {
  'agentId-SAME': [
    ...['受托企业与委托企业相同', 'Agent and principal are the same'],
    ...['填写另一家企业', 'Name another enterprise'],
  ],
  'kinds-UNKNOWN': [
    ...['单证类型未知', 'The kind is not known'],
    ...['填写单证代码，例如 CEB311', 'Give the code of a kind, such as CEB311'],
  ],
  'zones-UNKNOWN': [
    ...['监管区域代码未知', 'The zone is not known'],
    ...['填写监管区域代码；不限区域则留空', 'Give codes of zones; none for all of them'],
  ],
  'day-UNREAL': [
    ...['日期不存在', 'The day does not exist'],
    ...['填写真实日期', 'Give a day that exists'],
  ],
  'validTo-EARLIER': [
    ...['止日早于起日', 'It ends before it begins'],
    ...['更正起止日期', 'Correct one of the days'],
  ],
  'enterprise-UNKNOWN': [
    ...['企业不存在', 'There is no such enterprise'],
    ...[
      '填写已登记企业的编号、海关编码或信用代码',
      'Give the id, the customs code or the credit code of a registered enterprise',
    ],
  ],
  'on-PAST': [
    ...['终止日已过', 'That day is past'],
    ...[
      '填写今天或以后的日期；立即终止则不填',
      'Give today or a later day; leave it out to end at once',
    ],
  ],
  'on-LATER': [
    ...['终止日晚于委托原定止日', 'That day is after its last one'],
    ...[
      '填写更早的日期；延长须另行出具委托',
      'Give an earlier day; to prolong, give a new mandate',
    ],
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>
