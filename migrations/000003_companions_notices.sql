-- Documents that wait under several numbers, documents that act on others, and what customs tells
-- unasked.

-- A document may wait for companions under other numbers than its consignment's: it then has a part
-- under each of them, and every part names the others. Null where there is one number only.
alter table consignment_part add column also_lanes smallint[], add column also text[];

-- What documents ask customs to do with others, by the number they name them by (the list to cancel,
-- the waybills that leave); lane of that number. `kind` is that of the acting document. Rows of an
-- earlier version count no more.
create table act_target (
  lane smallint not null,
  number text not null,
  kind text not null,
  document_id uuid not null,
  version integer not null,
  primary key (lane, number, kind, document_id, version)
);

-- What customs tells of a document unasked: tax bills, results of a summary. All of it is kept, each
-- telling once; lane of the document. `hash` is that of its content, the rest of the key of its facts.
create table notice (
  lane smallint not null,
  document_id uuid not null,
  kind text not null,
  number text not null,
  time text not null,
  status text not null,
  hash bytea not null,
  head json not null,
  lines json,
  sealed bytea,
  reply_id uuid not null,
  at timestamptz not null,
  primary key (lane, document_id, kind, number, time, status, hash)
);

-- The name of a number that customs may yet give a document: then the reply is folded again.
alter table unmatched_reply add column name text;
create index unmatched_reply_awaited on unmatched_reply (lane, number) where name is not null;
