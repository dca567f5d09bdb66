/**
 * Where figures of settlements are read: the tables as they stand now, or as they stood at a moment behind
 * the seal. Records come out of their versions, matches and open lists out of their editions, rates and
 * names out of theirs, each under the columns of the table whose place it takes.
 */
import { type RawBuilder, sql } from 'kysely'
import { settlementCosts } from '../catalogue/settlement.ts'

export interface SettlementSource {
  /** Sums are kept of it (`settlements-sums.ts`): they are those of now, of everybody. */
  readonly isSummed: boolean
  readonly records: RawBuilder<unknown>
  /** The lines of a record `s` that is in force. */
  readonly linesOf: RawBuilder<unknown>
  /** Lines `i` with their records `s`: all that are matched to nothing, and maybe others. */
  readonly openLines: RawBuilder<unknown>
  /** All lists that are open, and maybe others. */
  readonly lists: RawBuilder<unknown>
  readonly rates: RawBuilder<unknown>
  /** Enterprises; `is_known`: registered by then. */
  readonly parties: RawBuilder<unknown>
  /** CNY that a record `s` counts for, signed, where that is read from the ledger. */
  readonly counted?: RawBuilder<unknown>
}

export const settlementsNow: SettlementSource = {
  isSummed: true,
  records: sql`settlement`,
  linesOf: sql`(
    select k.* from settlement_line k where k.lane = s.lane and k.settlement_id = s.id
  )`,
  openLines: sql`settlement_line i join settlement s on s.lane = i.lane and s.id = i.settlement_id`,
  lists: sql`settled_list`,
  rates: sql`exchange_rate`,
  parties: sql`(select k.id, k.customs_code, k.credit_code, k.name, true as is_known from enterprise k)`,
}

/** Of a moment from which no editions were kept, matches and open lists say nothing. */
export const settlementsAt = (asOf: Date): SettlementSource => ({
  isSummed: false,
  records: recordsAt(asOf),
  linesOf: linesOfAt(asOf),
  openLines: openLinesAt(asOf),
  lists: listsAt(asOf),
  rates: ratesAt(asOf),
  parties: partiesAt(asOf),
  counted: sql`coalesce((
    select sum((e.parts -> 0 ->> 'amount')::numeric) from ledger_entry e
    where e.lane = s.lane and e.subject_id = s.id and e.scope = 'settled' and e.recorded_at <= ${asOf}
  ), 0)`,
})

/** Of a record with this `head`. */
const COSTS = sql.join(
  settlementCosts.map((name) => sql`coalesce(nullif(h.head ->> ${sql.lit(name)}, '')::numeric, 0)`),
  sql` + `,
)

/** Of each record the last version with a content, and whether it was withdrawn by then. */
const recordsAt = (asOf: Date): RawBuilder<unknown> => sql`(
  select v.lane, v.settlement_id as id, k.institution_id, k.number,
    coalesce(w.version, v.version) as version,
    case when w.version is null then 'in-force' else 'withdrawn' end as state,
    h.head ->> 'nature' as nature, h.head ->> 'reference' as reference, h.head ->> 'seller' as seller,
    h.head ->> 'direction' as direction, h.head ->> 'currency' as currency,
    left(v.record -> 'SettlementHead' ->> 'valueDate', 6) as month,
    to_date(h.head ->> 'valueDate', 'YYYYMMDD') as value_date, h.head ->> 'bopCode' as bop_code,
    (h.head ->> 'gross')::numeric as gross, ${COSTS} as costs,
    (h.head ->> 'net')::numeric as net, (h.head ->> 'rmb')::numeric as rmb, k.created_at,
    coalesce(w.at, v.at) as updated_at, v.record
  from settlement_version v
  join settlement k on k.lane = v.lane and k.id = v.settlement_id
  cross join lateral (select v.record -> 'SettlementHead' as head) h
  left join settlement_version w on w.lane = v.lane and w.settlement_id = v.settlement_id
    and w.version = v.version + 1 and w.verb = 'withdrawn' and w.at <= ${asOf}
  where v.record is not null and v.at <= ${asOf} and not exists (
    select from settlement_version n where n.lane = v.lane and n.settlement_id = v.settlement_id
      and n.version > v.version and n.record is not null and n.at <= ${asOf}
  )
)`

const linesOfAt = (asOf: Date): RawBuilder<unknown> => sql`(
  select s.id as settlement_id, (x.place - 1)::smallint as position, x.line ->> 'orderNo' as order_no,
    x.line ->> 'listNo' as list_no, (x.line ->> 'amount')::numeric as amount, k.list_id, k.reason
  from jsonb_array_elements(s.record -> 'SettlementList') with ordinality x (line, place)
  left join lateral (
    select e.list_id, e.reason from settlement_line_edition e
    where e.lane = s.lane and e.settlement_id = s.id and e.version = s.version
      and e.position = (x.place - 1)::smallint and e.recorded_at <= ${asOf}
    order by e.seq desc limit 1
  ) k on true
)`

/**
 * What was open and is open still was not touched since; of everything else something was recorded since.
 * So it costs what is open and what came since, however long the history is.
 */
const openLinesAt = (asOf: Date): RawBuilder<unknown> => sql`(
    select lane, settlement_id from settlement_line where reason is not null
    union select lane, settlement_id from settlement_line_edition where recorded_at > ${asOf}
    union select lane, settlement_id from settlement_version where at > ${asOf}
  ) c
  join lateral (
    select r.* from ${recordsAt(asOf)} r where r.lane = c.lane and r.id = c.settlement_id
      and r.state = 'in-force'
  ) s on true
  cross join lateral ${linesOfAt(asOf)} i`

/** The same of lists: an edition says since when that was open whose place it takes. */
const listsAt = (asOf: Date): RawBuilder<unknown> => sql`(
  select e.* from settled_list c cross join lateral (
    select e.* from settled_list_edition e where e.lane = c.lane and e.list_id = c.list_id
    order by e.seq desc limit 1
  ) e
  where c.is_open and e.recorded_at <= ${asOf}
  union all
  select e.* from settled_list_edition c cross join lateral (
    select e.* from settled_list_edition e
    where e.lane = c.lane and e.list_id = c.list_id and e.seq < c.seq order by e.seq desc limit 1
  ) e
  where c.recorded_at > ${asOf} and c.open_since <= ${asOf}
)`

const ratesAt = (asOf: Date): RawBuilder<unknown> => sql`(
  select k.* from (
    select distinct on (x.currency, x.month) x.currency, x.month, x.rate from exchange_rate_edition x
    where x.recorded_at <= ${asOf} order by x.currency, x.month, x.recorded_at desc
  ) k where k.rate is not null
)`

/** Under their names of then; one that has none yet was registered later. */
const partiesAt = (asOf: Date): RawBuilder<unknown> => sql`(
  select k.id, k.customs_code, k.credit_code, coalesce(n.zh, k.name) as name,
    n.zh is not null as is_known
  from enterprise k left join lateral (
    select x.zh from name_edition x
    where x.what = 'enterprise' and x.code in (k.customs_code, k.credit_code)
      and x.recorded_at <= ${asOf}
    order by x.recorded_at desc limit 1
  ) n on true
)`
