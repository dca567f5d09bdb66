/**
 * What lists count for, settled by transition: after evidence is written, each list that it may have
 * moved is looked at, what it counted as before is taken out and what it counts as now is put in, in
 * one statement. So late evidence moves a list to its right month, a refusal takes it back, and
 * nothing counts twice, in whatever order replies come.
 *
 * A list counts by the newest of its versions that customs took: an amendment takes the place of what it
 * amends when customs has it, and one that is refused takes no place. It counts as declared in the month of
 * customs' earliest answer to that version, as long as it is neither withdrawn nor sent back; as released
 * in the month of the earliest evidence of release, until a refusal, a cancellation or 退运 comes after
 * it. What says nothing for sure moves neither.
 *
 * A released list also counts by how long customs took: from its first word on that version to the
 * earliest evidence of release.
 */
import { sql } from 'kysely'
import type { State } from '../catalogue/message.ts'
import { MADE_RANK, states } from '../catalogue/statuses.ts'
import { grouped } from '../kernel/grouped.ts'
import { clearanceOf } from './clearance.ts'
import { entriesFrom } from './ledger.ts'
import { rowsOf } from './rows.ts'
import type { Trx } from './transaction.ts'

/** What the catalogue says of a kind of list that counts. */
export interface CountedKind {
  readonly kind: string
  readonly direction: string
  readonly done: readonly string[]
  /** Kind of document that returns goods of it, and the name of the number it names the list by. */
  readonly returned?: { readonly kind: string; readonly by: string } | undefined
}

/** A list as it stands after its evidence, and what it counted as before. */
export interface CountedState {
  readonly lane: number
  readonly id: string
  readonly kind: string
  readonly version: number
  readonly state: State
  /** Official time of where it stands, 17 digits. */
  readonly returnTime: string
  readonly countedVersion: number | null
  readonly countedMonth: string | null
  readonly declaredVersion: number | null
  readonly declaredMonth: string | null
}

/** What customs said, as far as it bears on what counts. */
export interface Said {
  readonly documentId: string
  readonly version: number
  readonly state: State
  /** 17 digits of official time. */
  readonly returnTime: string
}

export interface SettledLists {
  /** Lists that now count as released and did not before. */
  readonly released: number
  /** Ids of lists whose release changed and that a return names or has counted. */
  readonly returned: readonly string[]
}

/**
 * States that say nothing of a declaration: a draft lies at the e-port, an unknown code says nothing
 * for sure; the first ones are ours.
 */
const SILENT: readonly State[] = [
  ...(['waiting', 'blocked', 'ready', 'sent', 'undelivered'] as const),
  ...(['drafted', 'unknown'] as const),
]
/** States in which a declaration does not stand: refused, withdrawn, or never passed on to customs. */
const FALLEN: readonly State[] = (Object.keys(states) as State[]).filter(
  (state) => states[state].group === 'refused' || state === 'forward-failed',
)
/** Of those, the ones by which a version never came into force. */
const UNTAKEN: readonly State[] = ['rejected', 'forward-failed']
/** States by which customs has a declaration. */
const DECLARING: readonly State[] = (Object.keys(states) as State[]).filter(
  (state) => !SILENT.includes(state) && !FALLEN.includes(state),
)

export const settleLists = async (
  trx: Trx,
  kinds: readonly CountedKind[],
  touched: readonly CountedState[],
  said: readonly Said[],
  now: Date,
): Promise<SettledLists> => {
  const byKind = new Map(kinds.map((facts) => [facts.kind, facts]))
  const saidOf = grouped(said, ({ documentId }) => documentId)
  const rows = touched.filter((row) => {
    const facts = byKind.get(row.kind)
    return facts !== undefined && mayMove(facts, row, saidOf.get(row.id) ?? [])
  })
  if (rows.length === 0) return { released: 0, returned: [] }
  const { rows: found } = await sql<{ risen: string; returned: string[] | null }>`
    with ${countsNow(kinds, sql`${rowsOf('t', { lane: 'smallint', id: 'uuid' }, rows)}`)},
    kept as (
      update document_state s set counted_version = n.version, counted_month = n.month,
        declared_version = n.declared_version, declared_month = n.declared_month
      from standing n where s.lane = n.lane and s.id = n.id
    ),
    changed as (
      select * from counts
      where was_month is distinct from month or was_version is distinct from version
        or (scope = 'released' and month is not null and was_dims is not null
          and was_dims ->> 'clearance' is distinct from clearance)
    ),
    ${entriesFrom(transitions(sql`changed`), now)}
    select count(*) filter (where was_month is null and month is not null) as risen, array_agg(id)
      filter (where (was_month is not null and (was_month, was_version)
        is distinct from (month, version)) or exists (
        select from customs_number u
        join act_target t on t.lane = u.lane and t.number = u.number and t.kind = c.return_kind
        where u.document_id = c.id and u.name = c.return_by
      )) as returned
    from changed c where scope = 'released'`.execute(trx)
  const [counted] = found
  return { released: Number(counted?.risen ?? 0), returned: counted?.returned ?? [] }
}

/**
 * Whether the news can change what a list counts as: most of it cannot, and then nothing is read.
 * Whatever is not plain is looked at.
 */
const mayMove = ({ done }: CountedKind, row: CountedState, said: readonly Said[]): boolean => {
  // Of a version that is not the newest, which may be the one that counts.
  if (said.some(({ version }) => version !== row.version)) return true
  const earlier = (month: string | null, version: number | null, of: readonly string[]): boolean =>
    said.some(
      (one) => one.version === version && of.includes(one.state) && monthOf(one) < (month ?? '9'),
    )
  const isReleaseNew =
    row.countedVersion === row.version
      ? earlier(row.countedMonth, row.version, done)
      : said.some(({ state }) => done.includes(state))
  // Word that comes late is of an earlier moment than where the list stands, or is none of release.
  const isLate =
    row.countedVersion === row.version &&
    said.some(
      ({ version, state, returnTime }) =>
        version === row.version &&
        DECLARING.includes(state) &&
        (returnTime < row.returnTime || !done.includes(state)),
    )
  return (
    isReleaseNew ||
    isLate ||
    row.declaredVersion !== row.version ||
    FALLEN.includes(row.state) ||
    said.some(({ state }) => FALLEN.includes(state)) ||
    earlier(row.declaredMonth, row.version, DECLARING)
  )
}

const monthOf = ({ returnTime }: Said): string => returnTime.slice(0, 6)

/** In the text of the statement. */
const FINAL = sql.raw(String(MADE_RANK))

const KIND = {
  ...{ kind: 'text', direction: 'text', done: 'text', returnKind: 'text', returnBy: 'text' },
}

/**
 * Common table expressions: `standing`, how the lists of `keys` stand by all that was said of them;
 * and `counts`, one row for each of them and scope, with what it counts as and what is kept of that.
 */
export const countsNow = (kinds: readonly CountedKind[], keys: ReturnType<typeof sql>) => {
  const facts = kinds.map(({ kind, direction, done, returned }) => ({
    ...{ kind, direction, done: done.join(' ') },
    ...{ returnKind: returned?.kind, returnBy: returned?.by },
  }))
  return sql`
    kinds as materialized (
      select k.*, string_to_array(k.done, ' ') as dones from ${rowsOf('k', KIND, facts)}
    ),
    standing as materialized (
      select s.lane, s.id, k.direction, k."returnKind" as return_kind, k."returnBy" as return_by,
        s.counted_version, s.counted_month, s.declared_version as was_declared_version,
        s.declared_month as was_declared_month, left(v.released_at, 6) as month,
        case when v.released_at is not null then v.version end as version,
        case when v.released_at is not null
          then ${clearanceOf(sql`v.first_word`, sql`v.released_at`)} end as clearance,
        left(v.declared_at, 6) as declared_month,
        case when v.declared_at is not null then v.version end as declared_version
      from ${keys}
      join document_state s on s.lane = t.lane and s.id = t.id
      join kinds k on k.kind = s.kind
      left join lateral (
        select w.version, w.first_word, case when w.last <> all(${FALLEN}::text[]) then w.said_at end
          as declared_at, case when w.end_ = any(k.dones) then w.done_at end as released_at
        from (
          select e.version, ${lastOf(sql`e.state <> all(${SILENT}::text[])`)} as last,
            ${lastOf(sql`e.state = any(k.dones) or e.state = any(${FALLEN}::text[])`)} as end_,
            min(e.return_time) filter (where e.state = any(${DECLARING}::text[])) as said_at,
            min(e.return_time) filter (where e.state = any(k.dones)) as done_at,
            min(e.return_time) filter (
              where e.state = any(${DECLARING}::text[]) and e.state <> all(k.dones)) as first_word
          from event e
          where e.lane = s.lane and e.document_id = s.id and e.return_time <> ''
          group by e.version
        ) w
        where w.last <> all(${UNTAKEN}::text[]) order by w.version desc limit 1
      ) v on true
    ),
    counts as (
      select lane, id, direction, return_kind, return_by, 'released' as scope,
        counted_version as was_version, counted_month as was_month, version, month, clearance,
        ${lastDims('released')} as was_dims
      from standing
      union all
      select lane, id, direction, return_kind, return_by, 'declared', was_declared_version,
        was_declared_month, declared_version, declared_month, null, ${lastDims('declared')}
      from standing
    )`
}

/** The state that the latest of such evidence tells, as a document stands by it. */
const lastOf = (which: ReturnType<typeof sql>) => sql`
  (array_agg(e.state order by (e.rank >= ${FINAL}) desc, e.return_time collate "C" desc, e.rank desc)
    filter (where ${which}))[1]`

/** What a list was put in by. Most lists never counted before, or still count as declared: not looked for. */
const lastDims = (scope: 'released' | 'declared') => {
  const isAsked =
    scope === 'released'
      ? sql`counted_month is not null`
      : sql`was_declared_month is not null and (was_declared_month, was_declared_version)
          is distinct from (declared_month, declared_version)`
  return sql`case when ${isAsked} then (
    select e.dims from ledger_entry e
    where e.lane = standing.lane and e.subject_id = standing.id and e.scope = ${scope}
      and e.cause = 'state' and e.count = 1
    order by e.seq desc limit 1) end`
}

/** What a document `d` counts by, standing as a row `c` of `counts` says. */
export const COUNTED_DIMS = sql`(d.counts -> 'dims' || case when c.clearance is null then '{}'::jsonb
  else jsonb_build_object('clearance', c.clearance) end)`

/** Amounts of `counts` the other way round, of a document `d`. */
const NEGATED = sql`(
  select jsonb_agg(p.value || jsonb_build_object('amount',
    trim_scale(-(p.value ->> 'amount')::numeric)::text) order by p.ordinality)
  from jsonb_array_elements(d.counts -> 'parts') with ordinality p)`

/** Entries that take out what rows of `changed` counted as and put in what they count as now. */
const transitions = (changed: ReturnType<typeof sql>) => sql`
  select c.lane, c.id as "subjectId", c.scope, 'state' as cause, x.month, c.direction,
    coalesce(d.zone, '') as zone, coalesce(d.trade_mode, '') as "tradeMode", x.sign as count,
    case x.sign when 1 then ${COUNTED_DIMS} else coalesce(c.was_dims, d.counts -> 'dims') end as dims,
    case x.sign when 1 then d.counts -> 'parts' else ${NEGATED} end as parts
  from ${changed} c
  cross join lateral (values (c.was_version, c.was_month, -1), (c.version, c.month, 1))
    x (version, month, sign)
  join document d on d.lane = c.lane and d.id = c.id and d.version = x.version
  where x.month is not null and d.counts is not null
  -- What is taken out comes before what takes its place.
  order by c.lane, c.id, c.scope, x.sign`
