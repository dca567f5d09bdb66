-- Mandates for some zones only, their early end, and under which mandate a document came in.

-- No zone is every zone. The days a mandate was given for stay as they were: an early end is noted
-- beside them, with the moment from which it holds no more and the last day that is still covered.
alter table mandate
  add column zones text[] not null default '{}',
  add column ended_at timestamptz,
  add column ended_on date,
  add column end_given_at timestamptz;
create index mandate_principal on mandate (principal_id);

-- Null where its sender handed it in himself.
alter table document add column mandate_id uuid;
