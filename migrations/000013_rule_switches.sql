-- How severe rules are. Editions are reference data, seeded from the catalogue and then edited here;
-- a rule without an edition in force on a day says nothing on it. Switches are what an enterprise
-- chose instead, among what the catalogue lets it choose.
create table rule_edition (
  rule text not null,
  valid_from date not null,
  valid_to date,
  severity text not null check (severity in ('refuse', 'hold', 'warn')),
  confidence text not null,
  source text not null,
  primary key (rule, valid_from)
);

create table rule_switch (
  enterprise_id text not null references enterprise (id),
  rule text not null,
  severity text not null check (severity in ('refuse', 'hold', 'warn')),
  set_by text,
  set_at timestamptz not null,
  primary key (enterprise_id, rule)
);
