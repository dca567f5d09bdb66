-- Rejections: how each refused document stands refused, in a narrow row that lives as long as the
-- refusal does, so that any selection is folded without reading documents, events or texts.

-- True while the document has a row in `rejection`; outside all indexes, as the columns beside it.
alter table document_state add column refused boolean not null default false;

-- What was said, the same for all who were told the same: status, result codes and the normal form of
-- a text that the catalogue does not know (numbers taken out, sealed: it may quote a person). The id
-- follows from these.
create table rejection_saying (
  id uuid primary key,
  kind text not null,
  source text not null check (source in ('customs', 'exchange')),
  code text not null,
  result_codes text[] not null,
  text_id uuid,
  sealed_text bytea,
  check ((text_id is null) = (sealed_text is null))
);
create index rejection_saying_text on rejection_saying (text_id) where text_id is not null;

-- `saying` is null until somebody has read the event again (rows that this migration makes).
create table rejection (
  lane smallint not null,
  document_id uuid not null,
  version integer not null,
  kind text not null,
  sender_id text not null,
  zone text,
  saying uuid,
  event_key text not null,
  at timestamptz not null,
  primary key (lane, document_id)
);
create index rejection_sender on rejection (sender_id, document_id);
create index rejection_same on rejection (saying, document_id);
create index rejection_unread on rejection (document_id) where saying is null;

insert into rejection (lane, document_id, version, kind, sender_id, zone, saying, event_key, at)
select s.lane, s.id, s.version, s.kind, s.sender_id, s.zone, null, e.key, e.at
from document_state s cross join lateral (
  select e.key, e.at from event e
  where e.lane = s.lane and e.document_id = s.id and e.version = s.version and e.state = s.state
    and (e.return_status is not null or e.key like 'exchange:%')
  order by e.return_time collate "C" desc, e.rank desc limit 1
) e
where s.state in ('rejected', 'forward-failed', 'undelivered', 'unknown');
update document_state s set refused = true
from rejection r where r.lane = s.lane and r.document_id = s.id;

-- What operators learned of codes and texts that nobody published; the latest of each is in force.
create table code_meaning (
  kind text not null,
  sort text not null check (sort in ('status', 'result', 'exchange', 'text')),
  code text not null,
  set_at timestamptz not null,
  set_by text,
  cause text not null,
  zh text not null,
  en text not null,
  field text,
  primary key (kind, sort, code, set_at)
);
create trigger code_meaning_append_only before update or delete on code_meaning
  for each row execute function refuse_change();

-- One change of many refused documents: previewed, then applied. The request lies sealed, since it
-- may name a person.
create table correction (
  id uuid primary key,
  enterprise_id text not null references enterprise (id),
  made_by text,
  sealed_request bytea not null,
  created_at timestamptz not null,
  applied_at timestamptz
);
create index correction_age on correction (created_at) where applied_at is null;

-- What it does to each document, made from that version of it; lane of the document.
create table correction_item (
  lane smallint not null,
  document_id uuid not null,
  version integer not null,
  correction_id uuid not null references correction (id) on delete cascade,
  place integer not null,
  -- Not refused itself: it is changed because of another, which goes again after it.
  companion boolean not null,
  app_type text not null,
  sealed_patch bytea not null,
  primary key (lane, document_id, version, correction_id)
);
create unique index correction_item_place on correction_item (correction_id, place);
