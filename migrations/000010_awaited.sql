-- Messages that were handed over and of which nothing had been heard when somebody last looked.
-- Written when a message is sent, looked at when it is due, and never in between: what arrives from
-- customs does not touch it. So it holds the messages of one waiting time, not all of them.
create table awaited_message (
  lane smallint not null,
  id uuid not null,
  due_at timestamptz not null,
  primary key (lane, id)
);
create index awaited_message_due on awaited_message (due_at);
