-- What settlements and their lists stood at as of a moment: to which list a line was matched, and what of
-- a list was open, as they were recorded. Records themselves are kept in settlement_version. What stands
-- already is recorded at the beginning of time: indexes come after it, and the ledger is held at the end.

-- What a line of a version was matched to, or why to nothing; never changed. The last row counts.
create table settlement_line_edition (
  seq bigint generated always as identity primary key,
  lane smallint not null,
  settlement_id uuid not null,
  version integer not null,
  position smallint not null,
  recorded_at timestamptz not null,
  list_id uuid,
  reserved_id uuid,
  reason text
);
insert into settlement_line_edition (lane, settlement_id, version, position, recorded_at, list_id,
  reserved_id, reason)
select i.lane, i.settlement_id, s.version, i.position, 'epoch', i.list_id, i.reserved_id, i.reason
from settlement_line i join settlement s on s.lane = i.lane and s.id = i.settlement_id;
create index settlement_line_edition_line on settlement_line_edition
  (lane, settlement_id, version, position, seq);
create index settlement_line_edition_recorded on settlement_line_edition using brin (recorded_at);
create trigger settlement_line_edition_append_only before update or delete on settlement_line_edition
  for each row execute function refuse_change();

-- What of a list was open; of a list that never was there is nothing. The last row counts.
create table settled_list_edition (
  seq bigint generated always as identity primary key,
  lane smallint not null,
  list_id uuid not null,
  recorded_at timestamptz not null,
  merchant text not null,
  direction text not null,
  zone text not null,
  released_on date not null,
  currency text not null,
  open_amount numeric(30, 5),
  is_open boolean not null,
  -- When the edition was recorded whose place it takes; null where that was not open, or there is none.
  open_since timestamptz
);
insert into settled_list_edition (lane, list_id, recorded_at, merchant, direction, zone, released_on,
  currency, open_amount, is_open)
select lane, list_id, 'epoch', merchant, direction, zone, released_on, currency, open_amount, true
from settled_list where is_open;
create index settled_list_edition_list on settled_list_edition (lane, list_id, seq);
create index settled_list_edition_recorded on settled_list_edition using brin (recorded_at);
create trigger settled_list_edition_append_only before update or delete on settled_list_edition
  for each row execute function refuse_change();

-- Records as of a moment are found by the month of their value date, as every version tells it, and by
-- what was recorded since.
create index settlement_version_month on settlement_version
  ((left(record -> 'SettlementHead' ->> 'valueDate', 6))) where record is not null;
create index settlement_version_at on settlement_version using brin (at);

-- Since when: how lines were matched, and what was open, before it is not known.
create table settlement_edition_start (
  one boolean primary key default true check (one),
  at timestamptz not null
);
insert into settlement_edition_start (at)
select case when exists (select from settlement) or exists (select from settled_list)
  then behind_seal(clock_timestamp()) else 'epoch' end;
