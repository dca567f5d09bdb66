-- Open data as it was published: the figures of a year at the first moment of a day, byte for byte,
-- so that everybody who asks on that day gets the same.
create table open_publication (
  year integer not null,
  as_of timestamptz not null,
  content text not null,
  primary key (year, as_of)
);
