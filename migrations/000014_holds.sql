-- What documents hold of something bounded: of a buyer's year, of the stock of an item in an account
-- book. A document's hold follows from where the document stands; an account sums its holds.

-- `id` is derived from what the account is of and carries the lane. `stock` is null where a rule's
-- figure bounds the account and not a quantity of its own.
create table hold_account (
  lane smallint not null,
  id uuid not null,
  sort text not null,
  stock numeric(24, 5),
  reserved numeric(24, 5) not null default 0,
  committed numeric(24, 5) not null default 0,
  primary key (lane, id)
) with (fillfactor = 70);

-- Lane of the document, whose state decides. `asked` is what its current version asks for, `restored`
-- what was given back of it after release. `leaves`: the current version asks to delete it.
create table hold (
  lane smallint not null,
  document_id uuid not null,
  account_id uuid not null,
  sort text not null,
  asked numeric(24, 5) not null,
  restored numeric(24, 5) not null default 0,
  reserved numeric(24, 5) not null,
  committed numeric(24, 5) not null default 0,
  leaves boolean not null default false,
  primary key (lane, document_id, account_id)
) with (fillfactor = 70);
-- For the documents behind an account.
create index hold_account_documents on hold (account_id);
