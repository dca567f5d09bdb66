-- Texts of customs may quote names and addresses. A text lies open only when the catalogue knows all
-- of it; any other is sealed. The codes inside are open, so that refusals fold by cause.
alter table event add column sealed_info bytea, add column result_codes text[];
alter table unmatched_reply
  alter column info drop not null, add column sealed_info bytea, add column result_codes text[];

-- What was kept before: the codes stay, texts of refusals go. The reply keeps its bytes, sealed.
alter table event disable trigger event_append_only;
update event set
  result_codes = array(select m[1] from regexp_matches(info, '\[Code:(\d{1,8});', 'g') m),
  info = case when return_status ~ '^(1|2|3|120|399|800|899)$' then info end
where info is not null and return_status is not null;
update event set result_codes = null where result_codes = '{}';
alter table event enable trigger event_append_only;
update unmatched_reply set
  result_codes = array(select m[1] from regexp_matches(info, '\[Code:(\d{1,8});', 'g') m),
  info = null;
update reply set problem = 'DXP ' || array_to_string(
  array(select m[1] from regexp_matches(problem, '(?:^DXP |; )(\d{4})(?= )', 'g') m), ' ')
where problem like 'DXP %';

-- Codes in replies whose meaning nobody published, so that an operator finds out. No personal data:
-- code holds digits only, or '*' for those beyond the number told apart.
create table unknown_code (
  kind text not null,
  sort text not null check (sort in ('status', 'result', 'exchange')),
  code text not null,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  count bigint not null,
  -- A reply that bore it.
  last_reply uuid not null,
  primary key (kind, sort, code)
);
