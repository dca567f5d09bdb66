-- Bonded account books (账册): who keeps one, its items, and the log of all that changed them. Every
-- key begins with the lane of the book's number; the account of an item carries the same lane.

create table bonded_book (
  lane smallint not null,
  ems_no text not null,
  zone text not null references zone (code),
  warehouse_id text not null references enterprise (id),
  registered_by text not null,
  registered_at timestamptz not null,
  primary key (lane, ems_no)
);
create index bonded_book_warehouse on bonded_book (warehouse_id, ems_no);

-- How much of it there is, and how much documents hold, stands in its account (`hold_account`).
create table bonded_item (
  lane smallint not null,
  ems_no text not null,
  item_record_no text collate "C" not null,
  account_id uuid not null,
  gname text not null,
  unit text not null,
  gcode text,
  primary key (lane, ems_no, item_record_no)
);
create unique index bonded_item_account on bonded_item (lane, account_id);

-- What somebody entered under a number of his own; the same number again is the same entry or none.
create table bonded_posting (
  lane smallint not null,
  ems_no text not null,
  number text not null,
  kind text not null,
  content_hash bytea not null,
  posted_at timestamptz not null,
  primary key (lane, ems_no, number)
);

-- Every change, append-only: of what is there (`stock_change`) and of what documents under way hold
-- (`reserved_change`). An adjustment by a count holds as of the count, all others as of when they were
-- written. The actor is an enterprise's id, or 'customs'; a change by a document names it.
create table bonded_movement (
  lane smallint not null,
  ems_no text not null,
  seq bigint generated always as identity,
  item_record_no text collate "C" not null,
  kind text not null,
  stock_change numeric(24, 5) not null,
  reserved_change numeric(24, 5) not null,
  at timestamptz not null,
  as_of timestamptz not null,
  actor text not null,
  user_id text,
  number text not null,
  document_id uuid,
  reason text,
  primary key (lane, ems_no, seq)
);
create index bonded_movement_item on bonded_movement (lane, ems_no, item_record_no, seq);
create index bonded_movement_as_of on bonded_movement (lane, ems_no, as_of);
create trigger bonded_movement_append_only before update or delete on bonded_movement
  for each row execute function refuse_change();
