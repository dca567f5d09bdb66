-- What each link took, by the minute: from it follows how long a queue needs to drain. Kept for a day.
create table link_sent (
  code text not null,
  minute timestamptz not null,
  messages integer not null,
  documents integer not null,
  primary key (code, minute)
) with (fillfactor = 50);
