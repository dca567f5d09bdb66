-- What settlement lines take of a list that is declared and not released yet, so that it cannot be
-- settled twice before its release.
alter table settlement_line add column reserved_id uuid,
  add check (reserved_id is null or reason = 'unreleased');
create index settlement_line_reserved on settlement_line (reserved_id) where reserved_id is not null;

-- Rows stand for declared lists as well; `month` is that of declaration until they are released.
alter table settled_list add column declared boolean not null default false;

-- Lists of which amounts were compared at a rate, or would be if there were one: looked at again when
-- a rate of their month is entered or changed.
alter table settled_list add column by_rate boolean not null default false;
update settled_list l set by_rate = true
where l.open_amount is null
  or exists (
    select from jsonb_array_elements(l.parts) p where p.value ->> 'currency' <> l.currency
  )
  or exists (
    select from settlement_line i join settlement s on s.lane = i.lane and s.id = i.settlement_id
    where i.list_id = l.list_id and s.currency <> l.currency
  );
create index settled_list_rate on settled_list (month, lane, list_id) where by_rate;

-- What is compared month by month, and list by list of its lines.
create index settled_list_month on settled_list (month) where released;
create index settled_list_id on settled_list (list_id);

-- How far the editions of rates were followed: up to `rates_at`; of those up to `rates_to`, while it is
-- not null, the lists up to and with this one were walked. What was rated before was looked at by then.
alter table settlement_follow add column rates_at timestamptz not null default 'epoch',
  add column rates_to timestamptz,
  add column rates_month text not null default '',
  add column rates_lane smallint not null default 0,
  add column rates_list uuid not null default '00000000-0000-0000-0000-000000000000';
update settlement_follow set
  rates_at = coalesce((select max(recorded_at) from exchange_rate_edition), 'epoch');

-- Lists that were declared before and are not released: declarations were not followed until now. Where
-- lines wait for one, the chore looks at it once and brings its row in line with the ledger.
insert into settled_list (lane, list_id, released, merchant, direction, zone, trade_mode, month,
  released_on, parts, currency, is_open, look_at)
select k.lane, k.id, false, '', '', '', '', '', current_date, '[]', '', false, now()
from (
  select ('x' || substr(n.id::text, 20, 2))::bit(8)::integer & 63 as lane, n.id
  from (
    select s.id from settlement_line i join document_state s on s.order_no = i.order_no
    where i.reason is not null and i.list_no is null
    union
    select s.id from settlement_line i
    join document_state s on s.number = i.list_no and s.owner = i.agent_code
    where i.reason is not null
    union
    select c.document_id from settlement_line i
    join customs_number c on c.name = 'invtNo' and c.number = i.list_no
    where i.reason is not null and i.agent_code is null
  ) n
) k
where exists (
  select from ledger_entry e
  where e.lane = k.lane and e.subject_id = k.id and e.scope = 'declared'
)
on conflict (lane, list_id) do update set look_at = now()
where not settled_list.released;

-- What is over does not count as settled any more: the definition says so from now on, and figures as
-- of an earlier moment keep the words of then.
with restated as (
  update measure set
    zh = replace(zh, '还原数据不重复计；计入结算',
      '还原数据不重复计；超出清单未结金额的明细在更正前不计，其他未对应清单的明细照计；计入结算'),
    en = replace(en, 'restored gross flows not counted again, in the',
      'restored gross flows not counted again, lines beyond what is left of their list not counted until that is mended, other lines without a list counted, in the')
  where scope = 'settled' and zh like '%还原数据不重复计；计入结算%'
  returning *
)
insert into measure_edition (scope, valid_from, recorded_at, valid_to, parts, zh, en, confidence,
  source, note)
select r.scope, r.valid_from, greatest(now(), s.at + interval '1 microsecond'), r.valid_to, r.parts,
  r.zh, r.en, r.confidence, r.source, r.note
from restated r cross join ledger_seal s;
