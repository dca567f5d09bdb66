-- Targets become editions: the city's and each zone's, dated, with how sure they are and what was known
-- when. Tags of enterprises and the indicators of the policy's scoreboard that count them.

-- zone is '' for the whole city.
alter table target
  alter column year type text,
  alter column amount type numeric using trim_scale(amount),
  add column zone text not null default '',
  add column valid_from date not null default '2019-01-01',
  add column valid_to date,
  add column confidence text not null default 'B',
  add column note text not null default '',
  drop constraint target_pkey,
  add primary key (year, zone, valid_from);
alter table target alter column valid_from drop default, alter column confidence drop default;

-- Every state of a row as it was recorded; one that was taken away is a state without an amount.
create table target_edition (
  year text not null,
  zone text not null,
  valid_from date not null,
  recorded_at timestamptz not null,
  valid_to date,
  amount numeric,
  confidence text,
  source text,
  note text,
  primary key (year, zone, valid_from, recorded_at)
);
create trigger target_edition_append_only before update or delete on target_edition
  for each row execute function refuse_change();
insert into target_edition (year, zone, valid_from, recorded_at, amount, confidence, source, note)
select year, zone, valid_from, 'epoch', amount, confidence, source, note from target;

-- What an enterprise counts as, and from when to when; subject is '' for the enterprise itself, or
-- names what it has several of.
create table enterprise_tag (
  enterprise text not null references enterprise (id),
  tag text not null,
  subject text not null,
  valid_from date not null,
  valid_to date,
  confidence text not null,
  source text not null,
  note text not null,
  primary key (enterprise, tag, subject, valid_from)
);
create index enterprise_tag_tag on enterprise_tag (tag, valid_from);
create table enterprise_tag_edition (
  enterprise text not null,
  tag text not null,
  subject text not null,
  valid_from date not null,
  recorded_at timestamptz not null,
  valid_to date,
  confidence text,
  source text,
  note text,
  primary key (enterprise, tag, subject, valid_from, recorded_at)
);
create trigger enterprise_tag_edition_append_only before update or delete on enterprise_tag_edition
  for each row execute function refuse_change();

-- What the policy counts: enterprises with a tag, or the subjects they name. A null bound is none.
create table scoreboard_indicator (
  indicator text not null,
  valid_from date not null,
  valid_to date,
  zh text not null,
  en text not null,
  tag text not null,
  counts text not null,
  lowest numeric,
  highest numeric,
  due date,
  confidence text not null,
  source text not null,
  note text not null,
  primary key (indicator, valid_from)
);
