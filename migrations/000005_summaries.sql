-- Which lists a monthly summary must name, and figures of rules that change by announcement.

-- Lists that are released and declared to be summarised; lane of the list's id. Written with the
-- evidence of release, taken out again when the list is not released any more. `summary_id` is the
-- document that names the list, whatever became of it.
create table summary_item (
  lane smallint not null,
  document_id uuid not null,
  kind text not null,
  sender_id text not null,
  month text not null,
  office text not null,
  agent text not null,
  merchant text not null,
  summary_id uuid,
  primary key (lane, document_id)
);
-- All that the monthly figures need, so that they are read without the rows.
create index summary_item_due on summary_item
  (sender_id, kind, month, agent, merchant, office, summary_id, document_id);
create index summary_item_summary on summary_item (summary_id) where summary_id is not null;

-- Figures of rules: editable, dated, each with its source and how sure it is. `kind` is the code of
-- the declaration the rule is about. The newest row in force on a day decides.
create table rule_value (
  name text not null,
  kind text not null,
  valid_from date not null,
  valid_to date,
  value text not null,
  confidence text not null,
  source text not null,
  note text not null,
  primary key (name, kind, valid_from)
);

-- Days on which offices rest although it is no weekend, or work although it is one. Empty until the
-- year's announcement of the State Council is entered; weekends rest without a row.
create table rest_day (
  day date primary key,
  rests boolean not null,
  source text not null
);
