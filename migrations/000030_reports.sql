-- Monthly reports as they were published: each edition whole, with the moment its figures are as of.
-- Nothing is changed or deleted; a month that is restated gets a further edition.
create table report (
  id uuid primary key,
  -- yyyy-MM in China.
  month text not null,
  -- From 1: the first is preliminary, later ones are revised.
  edition integer not null,
  as_of timestamptz not null,
  published_at timestamptz not null,
  published_by text not null,
  -- JSON as text: its bytes are what the hash is of.
  figures text not null,
  sha256 text not null,
  -- Lines that differ from the edition before, as JSON text.
  changes text not null,
  unique (month, edition)
);
create trigger report_append_only before update or delete on report
  for each row execute function refuse_change();

-- Who signed an edition off; the first one makes it final.
create table report_sign_off (
  report_id uuid not null references report (id),
  role text not null,
  signed_by text not null,
  signed_at timestamptz not null,
  primary key (report_id, role)
);
create trigger report_sign_off_append_only before update or delete on report_sign_off
  for each row execute function refuse_change();
