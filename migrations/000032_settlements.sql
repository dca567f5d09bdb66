-- Settlement records of payment institutions and banks, and what of released lists is settled by them.
create table settlement (
  -- Of the institution's own number.
  lane smallint not null,
  id uuid not null,
  institution_id text not null references enterprise (id),
  number text not null,
  version integer not null,
  -- in-force, withdrawn
  state text not null,
  -- 1 actual, 2 restored, 3 refund
  nature text not null,
  -- Number of the record that a refund or a restored flow belongs to.
  reference text,
  -- Code as it was given: 10 characters of customs, or the credit code.
  seller text not null,
  -- 1, 3 in; 2, 4 out
  direction text not null,
  currency text not null,
  -- Of the value date, yyyyMM.
  month text not null,
  value_date date not null,
  bop_code text not null,
  gross numeric(20, 2) not null,
  costs numeric(20, 2) not null,
  net numeric(20, 2) not null,
  rmb numeric(20, 2) not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (lane, id)
);
create unique index settlement_number on settlement (lane, number, institution_id);
create index settlement_institution on settlement (institution_id, id);
create index settlement_seller on settlement (seller, id);
create index settlement_month on settlement (month, institution_id);
create index settlement_reference on settlement (institution_id, reference)
  where reference is not null;

-- Every version as it was handed in, and every withdrawal; never changed.
create table settlement_version (
  lane smallint not null,
  settlement_id uuid not null,
  version integer not null,
  -- given, changed, withdrawn
  verb text not null,
  -- Null of a withdrawal.
  record jsonb,
  content_hash bytea,
  reason text,
  submitted_by text not null,
  mandate_id uuid,
  at timestamptz not null,
  primary key (lane, settlement_id, version)
);
create trigger settlement_version_append_only before update or delete on settlement_version
  for each row execute function refuse_change();

-- Lines of the version in force; of a withdrawn record none.
create table settlement_line (
  lane smallint not null,
  settlement_id uuid not null,
  position smallint not null,
  order_no text,
  list_no text,
  agent_code text,
  amount numeric(20, 2) not null,
  -- The list it is matched to, or why to none.
  list_id uuid,
  reason text,
  primary key (lane, settlement_id, position),
  check (list_id is null or reason is null)
);
create index settlement_line_list on settlement_line (list_id) where list_id is not null;
create index settlement_line_order on settlement_line (order_no) where reason is not null;
create index settlement_line_list_no on settlement_line (list_no) where reason is not null;

-- Lists that are or were released, with what they count for in the ledger after returns, and what of
-- it is settled. Written by a chore that follows the ledger, and by whoever settles; its row is locked
-- by every change of what is settled of the list.
create table settled_list (
  lane smallint not null,
  list_id uuid not null,
  released boolean not null,
  -- Customs code of the seller.
  merchant text not null,
  direction text not null,
  zone text not null,
  trade_mode text not null,
  -- yyyyMM of release, and the day.
  month text not null,
  released_on date not null,
  -- [{"currency": "142", "amount": "12.50"}] after returns.
  parts jsonb not null,
  -- What is left, in the list's own currency, CNY where it has several; null where a rate is missing.
  currency text not null,
  open_amount numeric(30, 5),
  is_open boolean not null,
  -- When the lines that name it are to be looked at again; null: nothing is to be done.
  look_at timestamptz,
  primary key (lane, list_id)
);
create index settled_list_look on settled_list (look_at) where look_at is not null;
create index settled_list_open on settled_list (merchant, released_on, list_id)
  include (currency, open_amount) where is_open;
create index settled_list_open_all on settled_list (released_on, list_id)
  include (currency, open_amount) where is_open;

-- How far the ledger was followed.
create table settlement_follow (
  one boolean primary key default true check (one),
  recorded_at timestamptz not null,
  seq bigint not null
);
insert into settlement_follow (recorded_at, seq) values ('epoch', 0);

create table bop_code (
  code text not null,
  valid_from date not null,
  valid_to date,
  zh text not null,
  -- actual, restored, both
  flow text not null,
  confidence text not null,
  source text not null,
  note text not null default '',
  primary key (code, valid_from)
);
