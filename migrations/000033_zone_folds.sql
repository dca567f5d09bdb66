-- What zones are measured by beside the ledger: sums that the transaction of every change adds to and
-- nobody rewrites, so that no writer waits for another; a chore puts rows of one key together.

-- Refusals of lists that customs told, each reply once, by the month of its official time.
create table refusal_sum (
  id bigint generated always as identity primary key,
  month text not null,
  -- '' for undecided.
  zone text not null,
  trade_mode text not null,
  direction text not null,
  -- What was said; its cause is looked up when somebody asks.
  saying uuid not null,
  count bigint not null
);
create index refusal_sum_read on refusal_sum (month)
  include (zone, trade_mode, direction, saying, count);

-- Tax bills that stand, by the month of the bill, CNY; a void one is taken out again.
create table tax_sum (
  id bigint generated always as identity primary key,
  month text not null,
  zone text not null,
  trade_mode text not null,
  bills bigint not null,
  duty numeric(24, 5) not null,
  consumption numeric(24, 5) not null,
  vat numeric(24, 5) not null
);
create index tax_sum_read on tax_sum (month)
  include (zone, trade_mode, bills, duty, consumption, vat);

-- What the bills of a list count for there: [{"month", "zone", "mode", "duty", "consumption", "vat"}].
-- Null for bills of before; a rebuild counts them.
alter table tax_variance add column counted jsonb;

-- Day of approval, or as much of it as is known; null: no source gives one.
alter table zone add column approved text;
update zone z set approved = k.approved from (values
  ('CQ-LLGY', '2008-11-12'), ('CQ-XY', '2010-02'), ('CQ-JJ', '2017-01-17'), ('CQ-YC', '2021-07-06'),
  ('CQ-TLG', '2024-04-30')) k (code, approved)
where z.code = k.code;
