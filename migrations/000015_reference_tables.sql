-- Reference tables that operators load from CSV, and the log of who loaded what.

-- One row a load that changed something.
create table reference_load (
  id uuid primary key,
  name text not null,
  loaded_at timestamptz not null,
  loaded_by text not null,
  rows integer not null,
  added integer not null,
  changed integer not null,
  removed integer not null
);
create index reference_load_name on reference_load (name, loaded_at);

-- Positive list of retail import: an edition, known by its first day, takes the place of all before.
create table positive_list (
  valid_from date not null,
  hs text not null,
  name text not null,
  remark text not null,
  yearly_cap numeric,
  cap_unit text not null,
  source text not null,
  primary key (valid_from, hs)
);

-- Goods that may not be sold: what a row gives must all be true of a line; '' is not given.
create table sale_ban (
  hs text not null,
  name text not null,
  country text not null,
  valid_from date not null,
  valid_to date,
  reason text not null,
  source text not null,
  primary key (hs, name, country, valid_from)
);

-- Statutory units of tariff codes of 8 or 10 digits; unit2 is '' where there is no second one.
create table hs_unit (
  hs text not null,
  name text not null,
  unit1 text not null,
  unit2 text not null,
  valid_from date not null,
  valid_to date,
  source text not null,
  note text not null,
  primary key (hs, valid_from)
);
