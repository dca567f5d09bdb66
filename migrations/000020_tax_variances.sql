-- What customs billed for a list beside what it was estimated to bear; lane of the list's id. Written
-- when a bill or its status is told, from all bills of the list: told twice or late it comes to the
-- same. CNY; without an estimate the problem says why.
create table tax_variance (
  lane smallint not null,
  document_id uuid not null,
  sender_id text not null,
  bills integer not null default 0,
  told text not null default '',
  billed_duty numeric not null default 0,
  billed_consumption numeric not null default 0,
  billed_vat numeric not null default 0,
  estimated_duty numeric,
  estimated_consumption numeric,
  estimated_vat numeric,
  tolerance numeric,
  verdict text not null default 'unknown' check (verdict in ('within', 'beyond', 'unknown')),
  problem text,
  primary key (lane, document_id)
);
create index tax_variance_sender on tax_variance (sender_id, document_id);
create index tax_variance_document on tax_variance (document_id);
