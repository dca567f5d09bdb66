-- Definitions of what totals measure are loaded as other reference data is, and every state of them is
-- kept: a figure as of a moment is told by the parts and words that were known then.
alter table measure alter column parts type text using array_to_string(parts, ' ');
alter table measure add column valid_to date, add column note text not null default '';
create table measure_edition (
  scope text not null,
  valid_from date not null,
  recorded_at timestamptz not null,
  valid_to date,
  -- Null where it was taken away.
  parts text,
  zh text,
  en text,
  confidence text,
  source text,
  note text,
  primary key (scope, valid_from, recorded_at)
);
create trigger measure_edition_append_only before update or delete on measure_edition
  for each row execute function refuse_change();
insert into measure_edition (scope, valid_from, recorded_at, parts, zh, en, confidence, source, note)
select scope, valid_from, 'epoch', parts, zh, en, confidence, source, note from measure;
