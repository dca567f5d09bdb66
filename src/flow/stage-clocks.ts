/**
 * Stage clocks: how long a document has been in each stage against what is usual for its kind and
 * zone, and which documents are stuck, with who must act. `keepClocks` is the chore behind it: it
 * lists what is open and reckons what is usual, beside the flow and never in its way.
 */
import { type Actor, actors } from '../catalogue/causes/cause.ts'
import { declarations } from '../catalogue/index.ts'
import { EVERY_KIND, type RuleName } from '../catalogue/rule-values.ts'
import { stageAdvice } from '../catalogue/stage-advice.ts'
import { allStates, DELETED_STATES, groupOf, states } from '../catalogue/statuses.ts'
import { chinaDay, DAY_MS } from '../kernel/clock.ts'
import {
  CLOCKS_AGES_SECONDS,
  CLOCKS_FIRST_DAYS,
  CLOCKS_ROWS_MAX,
  CLOCKS_STEP_MS,
  CLOCKS_STEP_MS_MAX,
  CLOCKS_STEP_ROWS,
  CLOCKS_STEPS_MAX,
  PACE_REFRESH_MS,
  SAMPLE_DAYS,
} from '../kernel/clock-limits.ts'
import type { Text } from '../kernel/fault.ts'
import { isId } from '../kernel/ids.ts'
import { PAGE_ROWS, PAGE_ROWS_MAX } from '../kernel/limits.ts'
import { judgeStage, type StageVerdict, type StuckRules } from '../rules/stage-clocks.ts'
import { findCodesBeside } from '../store/accounts.ts'
import { findRuleValues, type RuleValues } from '../store/rule-values.ts'
import {
  type Finished,
  findLooks,
  findLookTime,
  findPaces,
  findPaceTime,
  findSpans,
  findStuck,
  lookAt,
  reckonPaces,
  refreshOpen,
  type StuckDocument,
} from '../store/stage-clocks.ts'
import { inTransaction } from '../store/transaction.ts'
import { visibleSenders } from './sight.ts'
import type { Caller, FlowDeps } from './types.ts'

type Deps = Pick<FlowDeps, 'db' | 'clock'>

/** Kinds and states that are the end of it. */
const finished: Finished = {
  ends: declarations.flatMap((entry) =>
    allStates
      .filter((state) => ['done', 'refused'].includes(groupOf(entry, state)))
      .map((state) => `${entry.code}/${state}`),
  ),
  deleted: DELETED_STATES,
}

/** Lists what is open, and now and then reckons what is usual. */
export const keepClocks = async (deps: Deps): Promise<void> => {
  const { db, clock } = deps
  const now = clock.now()
  const first = new Date(now.getTime() - CLOCKS_FIRST_DAYS * DAY_MS)
  const looks = await findLooks(db, CLOCKS_AGES_SECONDS, first)
  for (const age of CLOCKS_AGES_SECONDS) await lookUpTo(deps, age, looks.get(age) ?? first)
  await inTransaction(db, (trx) => refreshOpen(trx, finished))
  const reckoned = await findPaceTime(db)
  if (reckoned !== undefined && now.getTime() - reckoned.getTime() < PACE_REFRESH_MS) return
  const oldest = new Date(now.getTime() - SAMPLE_DAYS * DAY_MS)
  await inTransaction(db, (trx) => reckonPaces(trx, oldest, now))
}

/** Step by step, each its own transaction; what is left is for the next time. */
const lookUpTo = async ({ db, clock }: Deps, age: number, looked: Date): Promise<void> => {
  const end = clock.now().getTime() - age * 1000
  let from = looked
  let rows = 0
  let width = CLOCKS_STEP_MS
  for (let step = 0; step < CLOCKS_STEPS_MAX && rows < CLOCKS_ROWS_MAX; step += 1) {
    if (from.getTime() >= end) return
    const to = new Date(Math.min(end, from.getTime() + width))
    const samples = age === CLOCKS_AGES_SECONDS[0]
    const seen = await inTransaction(db, (trx) => lookAt(trx, { age, from, to, finished, samples }))
    if (seen === undefined) return
    rows += seen
    from = to
    if (seen < CLOCKS_STEP_ROWS) width = Math.min(CLOCKS_STEP_MS_MAX, width * 2)
    else width = Math.max(1, Math.ceil(width / 2))
  }
}

/** When stages are called stuck today; figures in seconds. */
export const stuckRules = (values: RuleValues): StuckRules => {
  const figure = (name: RuleName, otherwise: number): number =>
    Number(values(name, EVERY_KIND)?.value ?? otherwise)
  return {
    factor: figure('stuck-factor', NEVER),
    floorSeconds: figure('stuck-floor-minutes', NEVER) * 60,
    unknownSeconds: figure('stuck-unknown-minutes', NEVER) * 60,
  }
}

/** A rule without a figure in force says nothing: then nothing is stuck. In minutes, 19 years. */
const NEVER = 10_000_000

export interface StageView extends Text {
  readonly state: StuckDocument['state']
  readonly since: string
  /** Null for the stage it is in. */
  readonly until: string | null
  /** Null once it has come to its end. */
  readonly spentSeconds: number | null
  /** What is usual, from so many stages; null where too few are known. */
  readonly usual: UsualView | null
  /** Null at the end, and where nothing is known to be usual. */
  readonly verdict: StageVerdict | null
}

export interface UsualView {
  readonly medianSeconds: number
  readonly p95Seconds: number
  readonly stages: number
  readonly asOf: string
}

/** The stages of its present version, in order. */
export const stagesOf = async (
  deps: Deps,
  row: {
    readonly id: string
    readonly version: number
    readonly kind: string
    readonly zone: string | null
    readonly isFinished: boolean
  },
): Promise<readonly StageView[]> => {
  const now = deps.clock.now()
  const spans = await findSpans(deps.db, row)
  const paces = await findPaces(deps.db, row.kind, row.zone)
  const rules = stuckRules(await findRuleValues(deps.db, chinaDay(now)))
  return spans.map(({ state, since, until }) => {
    const pace = paces.find((one) => one.state === state)
    const end = until ?? (row.isFinished ? null : now)
    const spent = end === null ? null : secondsFrom(since, end)
    return {
      ...{ state, zh: states[state].zh, en: states[state].en },
      ...{ since: since.toISOString(), until: until?.toISOString() ?? null, spentSeconds: spent },
      usual: pace === undefined ? null : usualOf(pace),
      verdict: spent === null ? null : judgeStage(spent, pace, rules),
    }
  })
}

/** Customs' clock may be ahead of ours. */
const secondsFrom = (since: Date, end: Date): number =>
  Math.max(0, Math.round((end.getTime() - since.getTime()) / 1000))

const usualOf = ({
  medianSeconds,
  p95Seconds,
  stages,
  asOf,
}: {
  readonly medianSeconds: number
  readonly p95Seconds: number
  readonly stages: number
  readonly asOf: Date
}): UsualView => ({
  medianSeconds: Math.round(medianSeconds),
  p95Seconds: Math.round(p95Seconds),
  ...{ stages, asOf: asOf.toISOString() },
})

export interface StuckQuery {
  readonly kind?: string | undefined
  readonly zone?: string | undefined
  /** A code of the client. */
  readonly client?: string | undefined
  readonly enterprise?: string | undefined
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}

export interface StuckView extends Text {
  readonly id: string
  readonly kind: string
  readonly sender: string
  readonly client: string
  readonly clientName: string | null
  readonly number: string
  readonly orderNo: string | null
  readonly zone: string | null
  readonly state: StuckDocument['state']
  readonly since: string
  readonly spentSeconds: number
  readonly limitSeconds: number
  readonly usual: Omit<UsualView, 'asOf'> | null
  readonly actors: readonly (Text & { readonly name: Actor })[]
  readonly cure: Text
}

export interface StuckPage {
  /** Open documents were last looked for then; null: not yet. */
  readonly asOf: string | null
  readonly factor: number | null
  readonly documents: readonly StuckView[]
  readonly next: string | null
}

/** Longest in its stage first. */
export const listStuck = async (
  deps: Deps,
  caller: Caller,
  { cursor, client, limit = PAGE_ROWS, ...filter }: StuckQuery,
): Promise<StuckPage> => {
  const now = deps.clock.now()
  const values = await findRuleValues(deps.db, chinaDay(now))
  const factor = values('stuck-factor', EVERY_KIND)
  const size = Math.min(limit, PAGE_ROWS_MAX)
  const senders = await visibleSenders(deps, caller)
  const rows = await findStuck(
    deps.db,
    {
      ...{ ...filter, senders, after: readStuckCursor(cursor), limit: size + 1 },
      client: client === undefined ? undefined : await findCodesBeside(deps.db, client),
    },
    stuckRules(values),
    now,
  )
  const page = rows.slice(0, size)
  const last = page.at(-1)
  return {
    asOf: (await findLookTime(deps.db))?.toISOString() ?? null,
    factor: factor === undefined ? null : Number(factor.value),
    documents: page.map((row) => viewOf(row, now)),
    next: rows.length > size && last !== undefined ? writeCursor(last) : null,
  }
}

const viewOf = (row: StuckDocument, now: Date): StuckView => {
  const { stages, medianSeconds, p95Seconds, senderName, limitSeconds, since, ...rest } = row
  const { senderId: _, ...own } = rest
  const known = stages !== null && medianSeconds !== null && p95Seconds !== null
  const { actors: who, cure } = stageAdvice[row.state]
  return {
    ...own,
    sender: senderName,
    ...{ zh: states[row.state].zh, en: states[row.state].en },
    since: since.toISOString(),
    spentSeconds: secondsFrom(since, now),
    limitSeconds: Math.round(limitSeconds),
    usual: known
      ? { stages, medianSeconds: Math.round(medianSeconds), p95Seconds: Math.round(p95Seconds) }
      : null,
    actors: who.map((name) => ({ name, ...actors[name] })),
    cure,
  }
}

const writeCursor = ({ since, id }: Pick<StuckDocument, 'since' | 'id'>): string =>
  Buffer.from(`${since.toISOString()} ${id}`).toString('base64url')

/** Undefined for none, and for a text that no page gave. */
export const readStuckCursor = (
  cursor: string | undefined,
): { readonly since: Date; readonly id: string } | undefined => {
  const text = Buffer.from(cursor ?? '', 'base64url').toString('utf8')
  const [at = '', id = '', ...more] = text.split(' ')
  const since = new Date(at)
  const isOne = more.length === 0 && isId(id) && !Number.isNaN(since.getTime())
  return isOne && since.toISOString() === at ? { since, id } : undefined
}
