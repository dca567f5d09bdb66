-- What counts: one entry whenever what a document or a settlement counts for changes, never changed
-- afterwards. What was counted at a moment is the sum of the entries recorded up to it.
create table ledger_entry (
  lane smallint not null,
  -- The document, or the settlement.
  subject_id uuid not null,
  -- declared, released, settled
  scope text not null,
  seq bigint generated always as identity,
  -- state, return, settlement: what made it.
  cause text not null,
  recorded_at timestamptz not null,
  -- Month it counts for, yyyyMM in China.
  month text not null,
  direction text not null,
  zone text not null,
  trade_mode text not null,
  -- 1, -1, or 0 where the amount alone changes.
  count smallint not null,
  -- By what else it counts: {"merchant": code, "country": code, ...}.
  dims jsonb not null,
  -- Amounts by currency and HS chapter, signed as they count:
  -- [{"currency": "142", "chapter": "33", "amount": "12.50"}]; the first one carries the count.
  parts jsonb not null,
  primary key (lane, subject_id, scope, seq)
);
create index ledger_entry_month on ledger_entry (scope, month, subject_id);
create index ledger_entry_recorded on ledger_entry using brin (recorded_at);
create trigger ledger_entry_append_only before update or delete on ledger_entry
  for each row execute function refuse_change();

-- The entries summed up, written in the same transaction and only ever added to, so that no writer
-- waits for another; a chore puts rows of one key together.
create table ledger_sum (
  id bigint generated always as identity primary key,
  -- Month of recorded_at, yyyyMM in China: figures as of a moment add a part of one month's entries.
  recorded text not null,
  scope text not null,
  -- '' for the sums by month, direction, zone, mode and currency; else what they are split by, and key.
  dim text not null,
  key text not null,
  month text not null,
  direction text not null,
  zone text not null,
  trade_mode text not null,
  currency text not null,
  count bigint not null,
  amount numeric(30, 5) not null
);
create index ledger_sum_read on ledger_sum (dim, scope, month);

-- Up to this moment nothing is recorded any more: figures as of then or earlier never change.
create table ledger_seal (
  one boolean primary key default true check (one),
  at timestamptz not null
);
insert into ledger_seal (at) values ('epoch');

-- What a list counts by, of each version: {"dims": {...}, "parts": [...]} as in ledger_entry.
alter table document add column counts jsonb;
alter table document_state add column declared_version integer, add column declared_month text;

-- Rates as they were known: null where one was taken away. Written with every change of exchange_rate.
create table exchange_rate_edition (
  currency text not null,
  month text not null,
  recorded_at timestamptz not null,
  rate numeric(20, 10),
  announced_on date,
  source text,
  primary key (currency, month, recorded_at)
);
-- When those were entered that are there already is not known.
insert into exchange_rate_edition (currency, month, recorded_at, rate, announced_on, source)
select currency, month, 'epoch', rate, announced_on, source from exchange_rate;

-- What a measure is made of and how it is defined, dated and editable; scopes: declared, released,
-- settled, policy.
create table measure (
  scope text not null,
  valid_from date not null,
  -- Scopes that are added up.
  parts text[] not null,
  zh text not null,
  en text not null,
  confidence text not null,
  source text not null,
  primary key (scope, valid_from)
);

-- Its place is taken by the sums of the ledger; `yuguan totals rebuild` counts lists stored before.
drop table total;
