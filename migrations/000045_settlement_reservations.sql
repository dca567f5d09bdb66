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
create index settled_list_rate on settled_list (month) where by_rate;

-- How far the editions of rates were followed.
alter table settlement_follow add column rates_at timestamptz not null default 'epoch';

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
