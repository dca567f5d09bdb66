/**
 * The policy's scoreboard: each indicator with what it aims at, how many it counts on a day, and the
 * enterprises behind the number. What is counted are tags that an operator gave; without a figure of
 * the policy an indicator shows its count alone.
 */
import { enterpriseTags } from '../catalogue/reference/targets.ts'
import { chinaDay } from '../kernel/clock.ts'
import type { Text } from '../kernel/fault.ts'
import {
  INDICATOR_PAGE_ROWS_MAX,
  INDICATORS_MAX,
  TAGS_PER_ENTERPRISE_MAX,
} from '../kernel/target-limits.ts'
import { findEnterprise } from '../store/accounts.ts'
import { type LoadCounts, loadReferenceRows } from '../store/reference-tables.ts'
import {
  findIndicators,
  findTagged,
  findTags,
  type IndicatorRow,
  type TaggedKey,
  type TaggedRow,
  type TagRow,
} from '../store/scoreboard.ts'
import type { FlowDeps } from './types.ts'

/** Where a count stands; `no-figure`: the number aimed at is not known. */
export type Standing = 'below' | 'within' | 'above' | 'no-figure'

export interface IndicatorTold extends Omit<IndicatorRow, 'zh' | 'en' | 'lowest' | 'highest'> {
  readonly name: Text
  readonly aim: { readonly lowest: number | null; readonly highest: number | null }
  readonly standing: Standing
  /** How many more it takes to the least that is aimed at; null where that is not known. */
  readonly missing: number | null
  readonly links: { readonly enterprises: string }
}

export interface Scoreboard {
  /** `yyyy-MM-dd` in China. */
  readonly on: string
  readonly definition: Text
  readonly indicators: readonly IndicatorTold[]
}

export const scoreboardOn = async (
  deps: Pick<FlowDeps, 'db' | 'clock'>,
  on = chinaDay(deps.clock.now()),
): Promise<Scoreboard> => ({
  on,
  definition: DEFINITION,
  indicators: (await findIndicators(deps.db, { on, limit: INDICATORS_MAX })).map((row) =>
    toldOf(row, on),
  ),
})

const DEFINITION: Text = {
  zh: '各指标为当日有效标签的企业数（或其登记的对象数）；标签由运营者按来源登记，指标的可信度见各行',
  en: 'Enterprises, or what they name, with a tag that holds on the day; operators give tags by their source, and each indicator says how sure its text is',
}

const toldOf = ({ zh, en, lowest, highest, ...row }: IndicatorRow, on: string): IndicatorTold => {
  const aim = {
    lowest: lowest === null ? null : Number(lowest),
    highest: highest === null ? null : Number(highest),
  }
  return {
    ...{ ...row, name: { zh, en }, aim, standing: standingOf(row.count, aim) },
    missing: aim.lowest === null ? null : Math.max(0, aim.lowest - row.count),
    links: { enterprises: `/api/v1/scoreboard/${row.indicator}?on=${on}` },
  }
}

const standingOf = (count: number, { lowest, highest }: IndicatorTold['aim']): Standing => {
  if (lowest === null && highest === null) return 'no-figure'
  if (lowest !== null && count < lowest) return 'below'
  return highest !== null && count > highest ? 'above' : 'within'
}

export interface IndicatorAsked {
  readonly on?: string | undefined
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}

export interface IndicatorPage extends IndicatorTold {
  readonly on: string
  readonly enterprises: readonly TaggedRow[]
  readonly next: string | null
}

/** Undefined when no such indicator holds on the day. */
export const indicatorOn = async (
  deps: Pick<FlowDeps, 'db' | 'clock'>,
  indicator: string,
  { on = chinaDay(deps.clock.now()), cursor, limit = INDICATOR_PAGE_ROWS_MAX }: IndicatorAsked,
): Promise<IndicatorPage | undefined> => {
  const [found] = await findIndicators(deps.db, { on, limit: 1, indicator })
  if (found === undefined) return undefined
  const rows = await findTagged(deps.db, {
    ...{ tag: found.tag, on, counts: found.counts, limit: limit + 1 },
    after: cursor === undefined ? undefined : readTaggedCursor(cursor),
  })
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1) : undefined
  return {
    ...{ ...toldOf(found, on), on, enterprises: page },
    next:
      last === undefined
        ? null
        : writeTaggedCursor([last.enterprise, found.counts === 'subject' ? last.subject : '']),
  }
}

const writeTaggedCursor = (key: TaggedKey): string =>
  Buffer.from(JSON.stringify(key)).toString('base64url')

/** Undefined for a text that is no cursor. */
export const readTaggedCursor = (cursor: string): TaggedKey | undefined => {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    return undefined
  }
  if (!Array.isArray(value) || value.length !== 2) return undefined
  const [enterprise, subject]: unknown[] = value
  const isKey = (text: unknown): text is string => typeof text === 'string' && !text.includes('\0')
  return isKey(enterprise) && isKey(subject) ? [enterprise, subject] : undefined
}

// ---- tags of one enterprise ----------------------------------------------------------------------

/** Undefined when there is no such enterprise. */
export const tagsOf = async (
  { db }: Pick<FlowDeps, 'db'>,
  enterprise: string,
): Promise<readonly TagRow[] | undefined> =>
  (await findEnterprise(db, enterprise)) === undefined
    ? undefined
    : findTags(db, enterprise, TAGS_PER_ENTERPRISE_MAX)

/**
 * Gives a tag, or changes the one with the same subject and first day: a last day ends it. The same as
 * loading a file with this row; undefined when there is no such enterprise.
 */
export const giveTag = async (
  deps: Pick<FlowDeps, 'db' | 'clock' | 'ids' | 'log'>,
  enterprise: string,
  tag: TagRow,
  by: string,
): Promise<LoadCounts | undefined> => {
  if ((await findEnterprise(deps.db, enterprise)) === undefined) return undefined
  const counts = await loadReferenceRows(deps.db, enterpriseTags, [{ enterprise, ...tag }], {
    ...{ replace: false, dryRun: false, by, id: deps.ids.next(), at: deps.clock.now() },
  })
  deps.log.info('enterprise-tagged', { enterprise, tag: tag.tag, ...counts })
  return counts
}
