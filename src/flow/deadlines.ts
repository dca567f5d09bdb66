/**
 * Deadlines of an enterprise, its own and its principals': summaries, goods on their way back, tax
 * bills, mandates that end and, when asked for, windows of return that close. Each says on which rule
 * it rests and how sure that is. Customs' own time limits are not among them: none is published with
 * a figure.
 */
import { declarations, getDeclaration } from '../catalogue/index.ts'
import type { Declaration } from '../catalogue/message.ts'
import type { RuleName, RuleValue } from '../catalogue/rule-values.ts'
import { addDays, chinaDay, DAY_MS, readStamp } from '../kernel/clock.ts'
import {
  DEADLINE_LISTS_MAX,
  DEADLINE_MONTHS_BACK,
  DEADLINE_OVERDUE_DAYS,
  DEADLINE_RETURNS_MAX,
} from '../kernel/deadline-limits.ts'
import type { Text } from '../kernel/fault.ts'
import { PAGE_ROWS_MAX } from '../kernel/limits.ts'
import { releasesDue } from '../rules/deadlines.ts'
import { findPrincipals, type Principal } from '../store/access.ts'
import { findOpenReturns, findReleaseDays } from '../store/deadlines.ts'
import { findRuleValueOn, findRuleValues, type RuleValues } from '../store/rule-values.ts'
import { actFactsOf } from './kinds.ts'
import { mandatesOf } from './mandates.ts'
import { refusedStates } from './summarised.ts'
import { dueSummaries } from './summary.ts'
import type { FlowDeps } from './types.ts'

export type DeadlineSort = 'summary' | 'goods-back' | 'tax' | 'mandate' | 'return-window'

export interface Deadline extends Text {
  readonly sort: DeadlineSort
  /** The last day that is in time, yyyy-MM-dd in China. */
  readonly date: string
  /** First day on which it can be done; null where that is now. */
  readonly opensOn: string | null
  /** Below zero when it was missed. */
  readonly daysLeft: number
  /** What follows when it is missed. */
  readonly missed: Text
  readonly source: string
  /** A official, B one source, M general knowledge to be confirmed, I our own. */
  readonly confidence: string
  /** Lists, or mandates, that it is about. */
  readonly count: number
  readonly sender: string | null
  /** Code of the one merchant that it is about, with the name it is registered under; else null. */
  readonly client: string | null
  readonly clientName: string | null
  /** Code of the one customs office that it is about, else null. */
  readonly office: string | null
  /** Customs' number of the one list that it is about; null for several, and for a mandate. */
  readonly number: string | null
  /** Some of the documents; what has none is found under `link`. */
  readonly documents: readonly string[]
  readonly link: string
}

export interface Deadlines {
  readonly asOf: string
  readonly within: number
  readonly deadlines: readonly Deadline[]
  /** There are more documents than were looked at. */
  readonly more: boolean
}

type Found = Omit<
  Deadline,
  'daysLeft' | 'zh' | 'en' | 'missed' | 'number' | 'client' | 'clientName' | 'office'
> &
  Partial<Pick<Deadline, 'number' | 'client' | 'clientName' | 'office'>>

interface Asked {
  readonly deps: FlowDeps
  readonly enterpriseId: string
  readonly principals: readonly Principal[]
  readonly today: string
  readonly within: number
}

interface Part {
  readonly found: readonly Found[]
  readonly more?: boolean
}

interface DeadlinesAsked {
  /** Days ahead. */
  readonly within: number
  /** The windows of return that close, as well. */
  readonly windows: boolean
  /** Nothing but what is about returns. */
  readonly returnsOnly: boolean
}

/** Sorted by the day. */
export const deadlinesOf = async (
  deps: FlowDeps,
  enterpriseId: string,
  { within, windows, returnsOnly }: DeadlinesAsked,
): Promise<Deadlines> => {
  const now = deps.clock.now()
  const today = chinaDay(now)
  const principals = await findPrincipals(deps.db, enterpriseId, today, now)
  const asked: Asked = { deps, enterpriseId, principals, today, within }
  const values = await findRuleValues(deps.db, today)
  // Two at a time: all together would take every connection that others have as well.
  const ofReturns = async () => [
    await goodsBack(asked, values),
    ...(returnsOnly ? [] : [await summariesDue(asked), await mandatesEnding(asked)]),
  ]
  const ofReleases = async () => [
    ...(returnsOnly ? [] : [await released(asked, values, TAX)]),
    ...(windows ? [await released(asked, values, WINDOW)] : []),
  ]
  const parts = (await Promise.all([ofReturns(), ofReleases()])).flat()
  const deadlines = parts
    .flatMap(({ found }) => found)
    .map((found) => ({
      ...{ number: null, client: null, clientName: null, office: null },
      ...found,
      ...texts[found.sort],
      daysLeft: daysTo(today, found.date),
    }))
  return {
    ...{ asOf: now.toISOString(), within, more: parts.some(({ more }) => more === true) },
    deadlines: deadlines.toSorted(byDate),
  }
}

const byDate = (a: Deadline, b: Deadline): number =>
  a.date === b.date ? a.sort.localeCompare(b.sort) : a.date < b.date ? -1 : 1

const daysTo = (from: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS)

/** Lists that nobody summarised, of this month and those before it. */
const summariesDue = async ({ deps, enterpriseId, today, within }: Asked): Promise<Part> => {
  const months = Array.from({ length: DEADLINE_MONTHS_BACK + 1 }, (_, back) =>
    monthsBefore(today, back),
  )
  const found: Found[] = []
  let more = false
  for (const month of months) {
    const due = await dueSummaries(deps, { enterpriseId }, { month })
    const { deadline } = due
    if (deadline === null || deadline.date > addDays(today, within)) continue
    more ||= due.next !== null
    for (const scope of due.scopes.filter((one) => one.due > 0))
      found.push({
        ...{ sort: 'summary', date: deadline.date, opensOn: `${nextMonth(month)}-01` },
        ...{ source: deadline.source, confidence: deadline.confidence, count: scope.due },
        ...{ sender: scope.agentName ?? scope.agentCode, documents: [] },
        ...{ client: scope.ebcCode, clientName: scope.ebcName, office: scope.customsCode },
        link: `/api/v1/summaries/due?month=${month}`,
      })
  }
  return { found, more }
}

const monthsBefore = (day: string, count: number): string => {
  const [year = 0, month = 1] = day.split('-').map(Number)
  return new Date(Date.UTC(year, month - 1 - count, 1)).toISOString().slice(0, 7)
}
const nextMonth = (month: string): string => monthsBefore(`${month}-01`, -1)

/** Goods of returns that were applied for and not refused. */
const goodsBack = async (
  { deps, principals, today, within }: Asked,
  values: RuleValues,
): Promise<Part> => {
  const found: Found[] = []
  let more = false
  for (const entry of declarations) {
    const { acts } = entry
    if (acts?.verb !== 'return') continue
    const list = getDeclaration(acts.on)
    // How far to look back: the rule of today stands for those before it.
    const days = values('return-arrive-days', list.code)?.value
    if (days === undefined) continue
    // A return is born after its list was released.
    const since = startOf(addDays(today, -Number(days) - DEADLINE_OVERDUE_DAYS))
    const act = actFactsOf(entry)
    if (act === undefined) throw new Error(`${entry.code} acts on lists of nobody`)
    const facts = { ...act, refused: refusedStates }
    const limit = DEADLINE_RETURNS_MAX
    const rows = await findOpenReturns(deps.db, facts, {
      senders: principals,
      since,
      limit: limit + 1,
    })
    more ||= rows.length > limit
    const page = rows.slice(0, limit)
    const releases = page.map(({ releasedOn }) => releasedOn)
    const dues = await dueByDay(deps, 'return-arrive-days', list.code, releases)
    for (const row of page) {
      const due = dues.get(row.releasedOn)
      if (due === undefined || due.date > addDays(today, within)) continue
      // What customs has granted may be back in time: nobody tells us, so it is not called missed.
      if (due.date < today && entry.done.includes(row.state)) continue
      found.push({
        ...{ sort: 'goods-back', date: due.date, opensOn: null, count: 1, sender: row.senderName },
        ...{ source: due.rule.source, confidence: due.rule.confidence },
        ...{ number: row.listNumber, client: row.client, clientName: row.clientName },
        documents: row.listId === null ? [row.id] : [row.listId, row.id],
        link: `/api/v1/documents/${row.listId ?? row.id}`,
      })
    }
  }
  return { found, more }
}

interface Due {
  readonly date: string
  readonly rule: RuleValue
}

/** By day of release: the rule in force on it decides. Many lists share few days. */
const dueByDay = async (
  deps: FlowDeps,
  name: RuleName,
  kind: string,
  days: readonly (string | null)[],
): Promise<ReadonlyMap<string | null, Due>> => {
  const told = [...new Set(days)].filter((day) => day !== null)
  const rules = await findRuleValueOn(deps.db, name, kind, told)
  return new Map(
    [...rules].map(([day, rule]) => [day, { date: addDays(day, Number(rule.value)), rule }]),
  )
}

/** What is counted from the day of release, for all lists of that day together. */
interface Counted {
  readonly sort: 'tax' | 'return-window'
  readonly opens?: RuleName
  readonly ends: RuleName
}
const TAX: Counted = { sort: 'tax', opens: 'tax-first-day', ends: 'tax-last-day' }
const WINDOW: Counted = { sort: 'return-window', ends: 'return-apply-days' }

const released = async (asked: Asked, values: RuleValues, counted: Counted): Promise<Part> => {
  const { deps, principals, today, within } = asked
  const found: Found[] = []
  let more = false
  for (const list of declarations) {
    const rule = values(counted.ends, list.code)
    if (rule === undefined) continue
    const opens = counted.opens === undefined ? undefined : values(counted.opens, list.code)
    const span = releasesDue({ from: today, to: addDays(today, within) }, Number(rule.value))
    const page = await findReleaseDays(deps.db, {
      ...{ senders: principals, kind: list.code, released: list.done, ...span },
      limit: DEADLINE_LISTS_MAX,
    })
    more ||= page.more
    for (const { releasedOn, senderName, lists, ids } of page.days)
      found.push({
        ...{ sort: counted.sort, date: addDays(releasedOn, Number(rule.value)), count: lists },
        opensOn: opens === undefined ? null : addDays(releasedOn, Number(opens.value)),
        ...{ source: rule.source, confidence: rule.confidence, sender: senderName },
        ...{ documents: ids, link: linkTo(list, releasedOn, ids) },
      })
  }
  return { found, more }
}

/** One document by itself; of many, those that were released on the day. */
const linkTo = ({ code }: Declaration, releasedOn: string, ids: readonly string[]): string =>
  ids.length === 1
    ? `/api/v1/documents/${ids[0]}`
    : `/api/v1/documents?kind=${code}&group=done&releasedOn=${releasedOn}`

/** First moment of a day in China. */
const startOf = (day: string): Date => {
  const moment = readStamp(day.replaceAll('-', ''))
  if (moment === undefined) throw new Error(`${day} is no day`)
  return moment
}

const mandatesEnding = async ({ deps, enterpriseId, within }: Asked): Promise<Part> => {
  const query = { lapsing: within, limit: PAGE_ROWS_MAX }
  const { mandates, next } = await mandatesOf(deps, enterpriseId, query)
  const found = mandates.flatMap(({ lastDay, agentName }): readonly Found[] =>
    lastDay === null
      ? []
      : [
          {
            ...{ sort: 'mandate', date: lastDay, opensOn: null, count: 1, sender: agentName },
            ...{ source: '本平台登记的委托', confidence: 'A', documents: [] },
            link: `/api/v1/mandates?lapsing=${within}`,
          },
        ],
  )
  return { found, more: next !== null }
}

const ASK_CUSTOMS: Text = {
  zh: '后果以主管海关的通知为准',
  en: 'What follows is for the customs office to say',
}

const texts: Readonly<Record<DeadlineSort, Text & { readonly missed: Text }>> = {
  summary: {
    zh: '出口清单汇总申请的最后一日',
    en: 'Last day to summarise export lists',
    missed: ASK_CUSTOMS,
  },
  'goods-back': {
    zh: '退货商品运抵原监管场所或区域的最后一日',
    en: 'Last day for returned goods to be back at their site or zone',
    missed: {
      zh: '税款照征，订购人年度额度不予恢复',
      en: 'The tax stands and the buyer’s yearly amount is not given back',
    },
  },
  tax: {
    zh: '零售进口税款的缴纳期末日；是否已缴，以税单为准',
    en: 'Last day to pay the tax of retail imports; whether it was paid, the bill tells',
    missed: ASK_CUSTOMS,
  },
  mandate: {
    zh: '委托到期',
    en: 'A mandate ends',
    missed: {
      zh: '此后在该委托下提交的单证不予受理',
      en: 'Documents handed in under it after that day are refused',
    },
  },
  'return-window': {
    zh: '申请退货的最后一日',
    en: 'Last day to apply for a return',
    missed: {
      zh: '税款照征，订购人年度额度不予恢复',
      en: 'The tax stands and the buyer’s yearly amount is not given back',
    },
  },
}
