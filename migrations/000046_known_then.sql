-- What a report as of a moment needs beside the ledger: names, refusals and taxes as they were known then.

-- Names of enterprises, by each of their codes, and of zones. Kept by trigger, so that no way of renaming
-- goes round it.
create table name_edition (
  -- enterprise, zone
  what text not null,
  code text not null,
  recorded_at timestamptz not null,
  zh text not null,
  en text not null,
  primary key (what, code, recorded_at)
);
create trigger name_edition_append_only before update or delete on name_edition
  for each row execute function refuse_change();
-- When those were entered that are there already is not known.
insert into name_edition (what, code, recorded_at, zh, en)
select 'enterprise', c.code, 'epoch', e.name, e.name
from enterprise e, lateral (values (e.customs_code), (e.credit_code)) c (code) where c.code is not null;
insert into name_edition (what, code, recorded_at, zh, en)
select 'zone', code, 'epoch', zh, en from zone;

-- A moment behind the seal of the ledger: 7301 is the lock that a seal takes alone.
create function behind_seal(at timestamptz) returns timestamptz language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(7301);
  return (select greatest($1, s.at + interval '1 microsecond') from ledger_seal s);
end $$;

create function record_name(what text, code text, at timestamptz, zh text, en text) returns void
language sql as $$
  insert into name_edition (what, code, recorded_at, zh, en)
  select $1, $2, greatest($3, max(n.recorded_at) + interval '1 microsecond'), $4, $5
  from name_edition n where n.what = $1 and n.code = $2
  having $2 is not null
$$;

create function record_enterprise_name() returns trigger language plpgsql as $$
declare
  known_at timestamptz := behind_seal(
    case tg_op when 'INSERT' then new.created_at else clock_timestamp() end);
begin
  perform record_name('enterprise', new.customs_code, known_at, new.name, new.name);
  perform record_name('enterprise', new.credit_code, known_at, new.name, new.name);
  return null;
end $$;
create trigger enterprise_name after insert or update of name, customs_code, credit_code on enterprise
  for each row execute function record_enterprise_name();

-- A zone comes with the program, and is known since ever.
create function record_zone_name() returns trigger language plpgsql as $$
begin
  perform record_name('zone', new.code,
    case tg_op when 'INSERT' then 'epoch' else behind_seal(clock_timestamp()) end, new.zh, new.en);
  return null;
end $$;
create trigger zone_name after insert or update of zh, en on zone
  for each row execute function record_zone_name();

-- What is added to refusal_sum and tax_sum, with the moment at which it was learnt; never changed.
create table zone_entry (
  id bigint generated always as identity primary key,
  recorded_at timestamptz not null,
  -- yyyyMM in China; '' for undecided.
  month text not null,
  zone text not null,
  refusals bigint not null,
  -- CNY.
  taxes numeric(24, 5) not null
);
create index zone_entry_read on zone_entry (month, recorded_at) include (zone, refusals, taxes);
create trigger zone_entry_append_only before update or delete on zone_entry
  for each row execute function refuse_change();

-- Since when: of what was learnt before it is not known when.
create table zone_entry_start (
  one boolean primary key default true check (one),
  at timestamptz not null
);
insert into zone_entry_start (at)
select case when exists (select from refusal_sum) or exists (select from tax_sum)
  then now() else 'epoch' end;
insert into zone_entry (recorded_at, month, zone, refusals, taxes)
select s.at, k.month, k.zone, sum(k.refusals), sum(k.taxes)
from (
  select month, zone, count as refusals, 0 as taxes from refusal_sum
  union all select month, zone, 0, duty + consumption + vat from tax_sum
) k cross join zone_entry_start s group by 1, 2, 3;
