// Made by scripts/generate-migrations.ts from migrations/*.sql; change those and run it again.

export interface Migration {
  readonly version: number
  readonly name: string
  /** A program that does not know this migration must not run on a database that has it. */
  readonly breaking: boolean
  readonly sql: string
}

export const migrations: readonly Migration[] = [
  {
    version: 1,
    name: 'core',
    breaking: false,
    sql: `-- The gateway's own tables. High-volume tables carry the lane (0-63) as the first column of every
-- key, so that work is claimed lane by lane and the tables can later be distributed by it.
-- Ids carry their lane in byte 8. Wide rows are written once; hot rows are narrow.

create table enterprise (
  id text primary key,
  name text not null,
  customs_code text unique,
  credit_code text unique,
  roles text[] not null default '{}',
  dxp_id text,
  -- A list waits until its companions are accepted, unless its declarant switched that off.
  waits_for_companions boolean not null default true,
  created_at timestamptz not null default now(),
  check (customs_code is not null or credit_code is not null)
);
create index enterprise_dxp on enterprise (dxp_id);

create table signing_key (
  enterprise_id text not null references enterprise (id),
  key_name text not null,
  algorithm text not null,
  certificate text not null,
  sealed_key bytea not null,
  not_before timestamptz not null,
  not_after timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (enterprise_id, key_name)
);

-- The principal lets the agent hand in documents in his name.
create table mandate (
  id uuid primary key,
  principal_id text not null references enterprise (id),
  agent_id text not null references enterprise (id),
  kinds text[] not null,
  valid_from date not null,
  valid_to date,
  created_at timestamptz not null default now()
);
create index mandate_agent on mandate (agent_id);

-- Reference data: editable, dated, each row with its source and how sure it is.
create table zone (
  code text primary key,
  zh text not null,
  en text not null,
  type text not null,
  district text not null,
  lat double precision not null,
  lon double precision not null,
  confidence text not null,
  sources text[] not null
);
-- What places a list in a zone: its warehouse enterprise, its site, or its customs office.
create table zone_rule (
  kind text not null check (kind in ('warehouse', 'site', 'office')),
  code text not null,
  zone text not null references zone (code),
  valid_from date not null,
  valid_to date,
  confidence text not null,
  source text not null,
  primary key (kind, code, valid_from)
);
create table target (
  year integer primary key,
  amount numeric(24, 5) not null,
  source text not null
);

-- One row per version of a document; never changed.
create table document (
  lane smallint not null,
  id uuid not null,
  version integer not null,
  kind text not null,
  sender_id text not null,
  submitted_by text not null,
  guid text not null,
  app_type text not null,
  app_time text not null,
  -- Written once and read whole: json keeps the text as it came and costs no conversion.
  payload json not null,
  sealed bytea,
  content_hash bytea not null,
  buyer_hash bytea,
  zone text,
  trade_mode text,
  amount numeric(24, 5),
  created_at timestamptz not null,
  primary key (lane, id, version)
);

-- Where each document stands. Narrow and updated in place: only columns outside the indexes change.
create table document_state (
  lane smallint not null,
  id uuid not null,
  kind text not null,
  sender_id text not null,
  number text not null,
  owner text not null,
  order_no text,
  zone text,
  created_at timestamptz not null,
  version integer not null,
  guid text not null,
  app_time text not null,
  state text not null,
  return_time text not null default '',
  rank smallint not null,
  return_status text,
  message_id uuid,
  counted_version integer,
  counted_month text,
  updated_at timestamptz not null,
  primary key (lane, id)
) with (fillfactor = 50);
create unique index document_state_key on document_state (lane, kind, number, owner, sender_id);
create index document_state_sender on document_state (sender_id, id);

-- Numbers that customs gives (preNo, invtNo), to find a document by; lane of the number.
create table customs_number (
  lane smallint not null,
  number text not null,
  name text not null,
  document_id uuid not null,
  primary key (lane, number, name, document_id)
);

-- What happened to a document, append-only. The key makes a repeated step a no-op.
create table event (
  lane smallint not null,
  document_id uuid not null,
  key text not null,
  version integer not null,
  state text not null,
  rank smallint not null,
  at timestamptz not null,
  return_time text not null default '',
  return_status text,
  info text,
  message_id uuid,
  reply_id uuid,
  seq bigint generated always as identity,
  primary key (lane, document_id, key)
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name;
end $$;
create trigger event_append_only before update or delete on event
  for each row execute function refuse_change();

-- What each document brings to its consignment and what a list waits for; lane of the order number.
create table consignment_part (
  lane smallint not null,
  order_no text not null,
  document_id uuid not null,
  kind text not null,
  sender_id text not null,
  offer text not null,
  needs text[],
  accepted boolean not null default false,
  primary key (lane, order_no, document_id)
) with (fillfactor = 70);

-- One message: the signed bytes (sealed) and their hash, kept before sending, and its documents.
create table message (
  lane smallint not null,
  id uuid not null,
  kind text not null,
  sender_id text not null,
  sender_dxp_id text not null,
  receiver_dxp_id text not null,
  cop_msg_id text not null,
  sealed bytea not null,
  hash bytea not null,
  document_ids uuid[] not null,
  document_versions integer[] not null,
  created_at timestamptz not null,
  sent_at timestamptz,
  problem text,
  primary key (lane, id)
);

-- Raw bytes from customs, stored before they are acknowledged. A state here is one that an operator
-- sees: new, folded, unreadable, unmatched, failed.
create table reply (
  lane smallint not null,
  id uuid not null,
  hash bytea not null,
  sealed bytea not null,
  received_at timestamptz not null,
  state text not null,
  kind text,
  problem text,
  primary key (lane, id)
);
create unique index reply_hash on reply (lane, hash);

-- Single replies inside a reply message that found no document; lane of the number they carry.
create table unmatched_reply (
  lane smallint not null,
  reply_id uuid not null,
  position integer not null,
  kind text not null,
  number text not null,
  owner text not null,
  return_status text not null,
  return_time text not null,
  info text not null,
  created_at timestamptz not null,
  primary key (lane, reply_id, position)
);

-- Work that a stage finds: written in the transaction that makes it necessary, deleted in the one
-- that does it.
create table work (
  lane smallint not null,
  stage text not null,
  id bigint generated always as identity,
  subject text not null,
  version integer not null default 0,
  run_at timestamptz not null,
  attempts integer not null default 0,
  primary key (lane, stage, id)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);

-- Totals in slots, so that writers do not queue on one row; a reader sums the slots.
create table total (
  slot smallint not null,
  scope text not null,
  direction text not null,
  zone text not null,
  trade_mode text not null,
  month text not null,
  count bigint not null,
  amount numeric(30, 5) not null,
  primary key (slot, scope, direction, zone, trade_mode, month)
) with (fillfactor = 50);

create table idempotency (
  enterprise_id text not null,
  key text not null,
  request_hash bytea not null,
  response jsonb not null,
  created_at timestamptz not null,
  primary key (enterprise_id, key)
);

-- Takes work of one stage for good (deleted in the caller's transaction), lane by lane from p_first
-- on, so that no statement locks rows of two lanes, in the order of their ids within a lane. Rows
-- another worker holds are passed over.
create function claim_work(p_stage text, p_limit integer, p_first integer, p_now timestamptz)
returns setof work language plpgsql as $$
declare
  taken integer := 0;
  due bigint[];
  l smallint;
begin
  for i in 0..63 loop
    l := (p_first + i) % 64;
    -- The ids as a value: the delete then goes by the key whatever the planner believes of the table.
    due := array(
      select w.id from work w
      where w.lane = l and w.stage = p_stage and w.run_at <= p_now
      order by w.id limit p_limit - taken for update skip locked
    );
    continue when due = '{}';
    return query
      with gone as (
        delete from work w where w.lane = l and w.stage = p_stage and w.id = any (due)
        returning w.*
      )
      select * from gone order by id;
    taken := taken + cardinality(due);
    exit when taken >= p_limit;
  end loop;
end $$;

-- Takes work on lease: it stays, and comes due again at p_until unless it is deleted before.
create function lease_work(
  p_stage text, p_limit integer, p_first integer, p_now timestamptz, p_until timestamptz
) returns setof work language plpgsql as $$
declare
  taken integer := 0;
  due bigint[];
  l smallint;
begin
  for i in 0..63 loop
    l := (p_first + i) % 64;
    due := array(
      select w.id from work w
      where w.lane = l and w.stage = p_stage and w.run_at <= p_now
      order by w.id limit p_limit - taken for update skip locked
    );
    continue when due = '{}';
    return query
      with held as (
        update work w set run_at = p_until, attempts = w.attempts + 1
        where w.lane = l and w.stage = p_stage and w.id = any (due)
        returning w.*
      )
      select * from held order by id;
    taken := taken + cardinality(due);
    exit when taken >= p_limit;
  end loop;
end $$;

-- For the operator's lists: few replies ever are in these states.
create index reply_trouble on reply (state, id) where state <> 'folded';
create index customs_number_document on customs_number (document_id);
`,
  },
  {
    version: 2,
    name: 'accounts',
    breaking: false,
    sql: `-- Accounts: the tables of better-auth with its organization, admin and api-key plugins, under the
-- names it asks for. An organization is an enterprise: \`organization.id = enterprise.id\`.

create table "user" (
  "id" text not null primary key,
  "name" text not null,
  "email" text not null unique,
  "emailVerified" boolean not null,
  "image" text,
  "createdAt" timestamptz not null default current_timestamp,
  "updatedAt" timestamptz not null default current_timestamp,
  "role" text,
  "banned" boolean,
  "banReason" text,
  "banExpires" timestamptz
);

create table "session" (
  "id" text not null primary key,
  "expiresAt" timestamptz not null,
  "token" text not null unique,
  "createdAt" timestamptz not null default current_timestamp,
  "updatedAt" timestamptz not null,
  "ipAddress" text,
  "userAgent" text,
  "userId" text not null references "user" ("id") on delete cascade,
  "activeOrganizationId" text,
  "impersonatedBy" text
);
create index "session_userId_idx" on "session" ("userId");

create table "account" (
  "id" text not null primary key,
  "accountId" text not null,
  "providerId" text not null,
  "userId" text not null references "user" ("id") on delete cascade,
  "accessToken" text,
  "refreshToken" text,
  "idToken" text,
  "accessTokenExpiresAt" timestamptz,
  "refreshTokenExpiresAt" timestamptz,
  "scope" text,
  "password" text,
  "createdAt" timestamptz not null default current_timestamp,
  "updatedAt" timestamptz not null
);
create index "account_userId_idx" on "account" ("userId");

create table "verification" (
  "id" text not null primary key,
  "identifier" text not null,
  "value" text not null,
  "expiresAt" timestamptz not null,
  "createdAt" timestamptz not null default current_timestamp,
  "updatedAt" timestamptz not null default current_timestamp
);
create index "verification_identifier_idx" on "verification" ("identifier");

create table "organization" (
  "id" text not null primary key,
  "name" text not null,
  "slug" text not null unique,
  "logo" text,
  "createdAt" timestamptz not null,
  "metadata" text
);

create table "member" (
  "id" text not null primary key,
  "organizationId" text not null references "organization" ("id") on delete cascade,
  "userId" text not null references "user" ("id") on delete cascade,
  "role" text not null,
  "createdAt" timestamptz not null
);
create index "member_organizationId_idx" on "member" ("organizationId");
create index "member_userId_idx" on "member" ("userId");

create table "invitation" (
  "id" text not null primary key,
  "organizationId" text not null references "organization" ("id") on delete cascade,
  "email" text not null,
  "role" text,
  "status" text not null,
  "expiresAt" timestamptz not null,
  "createdAt" timestamptz not null default current_timestamp,
  "inviterId" text not null references "user" ("id") on delete cascade
);
create index "invitation_organizationId_idx" on "invitation" ("organizationId");
create index "invitation_email_idx" on "invitation" ("email");

-- An API key is kept as its hash. \`referenceId\` is the enterprise it acts for, or the operator.
create table "apikey" (
  "id" text not null primary key,
  "configId" text not null,
  "name" text,
  "start" text,
  "referenceId" text not null,
  "prefix" text,
  "key" text not null,
  "refillInterval" integer,
  "refillAmount" integer,
  "lastRefillAt" timestamptz,
  "enabled" boolean,
  "rateLimitEnabled" boolean,
  "rateLimitTimeWindow" integer,
  "rateLimitMax" integer,
  "requestCount" integer,
  "remaining" integer,
  "lastRequest" timestamptz,
  "expiresAt" timestamptz,
  "createdAt" timestamptz not null,
  "updatedAt" timestamptz not null,
  "permissions" text,
  "metadata" text
);
create index "apikey_configId_idx" on "apikey" ("configId");
create index "apikey_referenceId_idx" on "apikey" ("referenceId");
create index "apikey_key_idx" on "apikey" ("key");
`,
  },
  {
    version: 3,
    name: 'companions_notices',
    breaking: false,
    sql: `-- Documents that wait under several numbers, documents that act on others, and what customs tells
-- unasked.

-- A document may wait for companions under other numbers than its consignment's: it then has a part
-- under each of them, and every part names the others. Null where there is one number only.
alter table consignment_part add column also_lanes smallint[], add column also text[];

-- What documents ask customs to do with others, by the number they name them by (the list to cancel,
-- the waybills that leave); lane of that number. \`kind\` is that of the acting document. Rows of an
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
-- telling once; lane of the document. \`hash\` is that of its content, the rest of the key of its facts.
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
`,
  },
  {
    version: 4,
    name: 'reply_texts',
    breaking: false,
    sql: `-- Texts of customs may quote names and addresses. A text lies open only when the catalogue knows all
-- of it; any other is sealed. The codes inside are open, so that refusals fold by cause.
alter table event add column sealed_info bytea, add column result_codes text[];
alter table unmatched_reply
  alter column info drop not null, add column sealed_info bytea, add column result_codes text[];

-- What was kept before: the codes stay, texts of refusals go. The reply keeps its bytes, sealed.
alter table event disable trigger event_append_only;
update event set
  result_codes = array(select m[1] from regexp_matches(info, '\\[Code:(\\d{1,8});', 'g') m),
  info = case when return_status ~ '^(1|2|3|120|399|800|899)$' then info end
where info is not null and return_status is not null;
update event set result_codes = null where result_codes = '{}';
alter table event enable trigger event_append_only;
update unmatched_reply set
  result_codes = array(select m[1] from regexp_matches(info, '\\[Code:(\\d{1,8});', 'g') m),
  info = null;
update reply set problem = 'DXP ' || array_to_string(
  array(select m[1] from regexp_matches(problem, '(?:^DXP |; )(\\d{4})(?= )', 'g') m), ' ')
where problem like 'DXP %';

-- Codes in replies whose meaning nobody published, so that an operator finds out. No personal data:
-- code holds digits only, or '*' for those beyond the number told apart.
create table unknown_code (
  kind text not null,
  sort text not null check (sort in ('status', 'result', 'exchange')),
  code text not null,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  count bigint not null,
  -- A reply that bore it.
  last_reply uuid not null,
  primary key (kind, sort, code)
);
`,
  },
  {
    version: 5,
    name: 'summaries',
    breaking: false,
    sql: `-- Which lists a monthly summary must name, and figures of rules that change by announcement.

-- Lists that are released and declared to be summarised; lane of the list's id. Written with the
-- evidence of release, taken out again when the list is not released any more. \`summary_id\` is the
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

-- Figures of rules: editable, dated, each with its source and how sure it is. \`kind\` is the code of
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
`,
  },
  {
    version: 6,
    name: 'links',
    breaking: false,
    sql: `-- The links to customs, which of them an enterprise's messages take, how each of them stands, and
-- fair shares of work.

-- Work knows what it is for (\`queue\`: the link of a message; '' elsewhere) and whose it is (\`party\`:
-- a hash of the enterprise), so that one enterprise's million documents do not hold up another's ten.
-- It is found by when it is due: what was put off lies behind what can be done now, and a hundred
-- thousand rows that wait for a key or a link are never looked at by a claim. Shares are fair over
-- all lanes together, so that ten documents go at once, however they lie.
drop function claim_work(text, integer, integer, timestamptz);
drop function lease_work(text, integer, integer, timestamptz, timestamptz);
alter table work add column queue text not null default '', add column party integer not null default 0;
alter table work drop constraint work_pkey;
alter table work add primary key (lane, stage, queue, party, run_at, id);

-- Which link the messages of an enterprise take, by direction ('import', 'export'). Without a row
-- they take the link that the settings name first.
create table link_choice (
  enterprise_id text not null references enterprise (id),
  direction text not null check (direction in ('import', 'export')),
  link text not null,
  chosen_at timestamptz not null,
  primary key (enterprise_id, direction)
);

-- How each link stands, for all gateways on this database. \`down\`: nothing is sent but one pilot
-- message when \`retry_at\` has come; \`draining\`: at most \`pace\` messages at a time, the next not
-- before \`retry_at\`.
create table link_state (
  code text primary key,
  state text not null check (state in ('up', 'draining', 'down')),
  since timestamptz not null,
  failures integer not null default 0,
  retry_at timestamptz not null,
  pace integer not null default 0,
  sent_at timestamptz,
  problem text
) with (fillfactor = 50);

-- A message that was composed before of the document: one that follows it waits until it is out.
alter table document_state add column prior_message_id uuid;

-- Parties with work of one lane that is due. A loose index scan finds them, so the length of
-- anybody's queue costs nothing; it begins at another party each time and looks at a hundred on
-- either side, so that thousands of parties get their turns.
create function due_parties(
  p_lane smallint, p_stage text, p_queue text, p_now timestamptz, p_from integer
) returns table (party integer) language sql stable as $$
  with recursive above as (
    (select w.party, w.run_at, 1 as looked from work w
     where w.lane = p_lane and w.stage = p_stage and w.queue = p_queue and w.party >= p_from
     order by w.party, w.run_at limit 1)
    union all
    select n.party, n.run_at, p.looked + 1 from above p cross join lateral (
      select w.party, w.run_at from work w
      where w.lane = p_lane and w.stage = p_stage and w.queue = p_queue and w.party > p.party
      order by w.party, w.run_at limit 1
    ) n where p.looked < 100
  ), below as (
    (select w.party, w.run_at, 1 as looked from work w
     where w.lane = p_lane and w.stage = p_stage and w.queue = p_queue and w.party < p_from
     order by w.party, w.run_at limit 1)
    union all
    select n.party, n.run_at, p.looked + 1 from below p cross join lateral (
      select w.party, w.run_at from work w
      where w.lane = p_lane and w.stage = p_stage and w.queue = p_queue
        and w.party > p.party and w.party < p_from
      order by w.party, w.run_at limit 1
    ) n where p.looked < 100
  )
  select p.party from (table above union all table below) p where p.run_at <= p_now
$$;

-- How many rows to take of whom in which lane. Where all that waits fits into p_limit there is
-- nothing to share: then only the lanes are told. Else whoever has less than an equal part of p_limit
-- gets all of it; the others share what is left equally, each over all of its lanes. \`more\`: something
-- stays behind. It only reads, so it may look at all lanes at once.
create function due_shares(
  p_stage text, p_queue text, p_limit integer, p_first integer, p_now timestamptz
) returns table (lane smallint, parties integer[], shares integer[], more boolean)
language plpgsql stable as $$
#variable_conflict use_column
declare
  busy smallint[];
  waiting bigint;
  longest bigint;
  -- Twice what a lane has when all of p_limit waits: more in one of them is taken for more in all.
  bound integer := greatest(8, p_limit / 32);
begin
  -- Counted no further than it matters, due or not: this is asked at every claim.
  select array_agg(l.lane order by l.place), sum(c.waiting), max(c.waiting)
    into busy, waiting, longest
  from (
    select i as place, ((p_first + i) % 64)::smallint as lane from generate_series(0, 63) i
  ) l cross join lateral (
    select count(*) as waiting from (
      select from work w
      where w.lane = l.lane and w.stage = p_stage and w.queue = p_queue limit bound + 1
    ) bounded
  ) c where c.waiting > 0;
  if busy is null then
    return;
  end if;
  if waiting <= p_limit and longest <= bound then
    return query select u.lane, null::integer[], null::integer[], false
      from unnest(busy) with ordinality u(lane, place) order by u.place;
    return;
  end if;
  return query with pair as materialized (
    select l.place, l.lane, d.party,
      row_number() over (partition by d.party order by l.place) as nth,
      count(*) over (partition by d.party) as lanes,
      greatest(16, 2 * p_limit / count(*) over ()) as most
    from (
      select i as place, ((p_first + i) % 64)::smallint as lane from generate_series(0, 63) i
    ) l cross join lateral due_parties(l.lane, p_stage, p_queue, p_now,
      hashint8((extract(epoch from p_now) * 1000)::bigint + l.lane)) d
  ), found as materialized (
    -- Counted no further than anybody could need.
    select pair.*, c.due from pair cross join lateral (
      select count(*) as due from (
        select from work w
        where w.lane = pair.lane and w.stage = p_stage and w.queue = p_queue
          and w.party = pair.party and w.run_at <= p_now
        limit pair.most
      ) bounded
    ) c
  ), party as (
    select f.party, sum(f.due) as due from found f group by f.party
  ), equal as (
    select p.due, row_number() over w as nth,
      (p_limit - coalesce(sum(p.due) over before, 0)) / (count(*) over () - row_number() over w + 1)
        as part
    from party p
    window w as (order by p.due, p.party),
      before as (order by p.due, p.party rows between unbounded preceding and 1 preceding)
  ), fair as (
    select greatest(1, floor(e.part)) as part from equal e where e.due > e.part
    order by e.nth limit 1
  ), shared as (
    select f.place, f.lane, f.party, f.due, f.most, case
        when fair.part is null or p.due <= fair.part then f.due
        else least(f.due,
          floor(fair.part * f.nth / f.lanes) - floor(fair.part * (f.nth - 1) / f.lanes))
      end as share
    from found f join party p on p.party = f.party left join fair on true
  )
  select s.lane, coalesce(array_agg(s.party) filter (where s.share > 0), '{}'),
    coalesce(array_agg(s.share::integer) filter (where s.share > 0), '{}'),
    bool_or(s.share < s.due or s.due = s.most)
  from shared s group by s.place, s.lane order by s.place;
end $$;

-- Locks rows of one lane, so many of each party, at most p_limit; where they lie. A locked row stays
-- where it is. Rows another worker holds are passed over.
create function lock_due(
  p_lane smallint, p_stage text, p_queue text, p_parties integer[], p_shares integer[],
  p_limit integer, p_now timestamptz
) returns tid[] language plpgsql as $$
begin
  return array(
    select d.ctid from unnest(p_parties, p_shares) as u(party, share) cross join lateral (
      select w.ctid from work w
      where w.lane = p_lane and w.stage = p_stage and w.queue = p_queue and w.party = u.party
        and w.run_at <= p_now
      order by w.run_at, w.id limit u.share for update skip locked
    ) d limit p_limit
  );
end $$;

-- Takes work of one stage for good (deleted in the caller's transaction), lane by lane from p_first
-- on, so that no statement locks rows of two lanes, in the order in which they fell due within a
-- lane and party. First in fair shares; what they leave of p_limit goes to whoever has more. The
-- planner is kept to the key, and to the places of the rows, whatever it believes of a table that is
-- filled and emptied all the time.
create function claim_work(
  p_stage text, p_queue text, p_limit integer, p_first integer, p_now timestamptz
) returns setof work language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off as $$
declare
  taken integer := 0;
  more boolean;
  found record;
  due tid[];
begin
  for round in 1..2 loop
    more := false;
    for found in select * from due_shares(p_stage, p_queue, p_limit - taken, p_first, p_now) loop
      more := more or found.more;
      due := case when found.parties is null then array(
          select w.ctid from work w
          where w.lane = found.lane and w.stage = p_stage and w.queue = p_queue
            and w.run_at <= p_now
          order by w.run_at, w.id limit p_limit - taken for update skip locked
        )
        else lock_due(found.lane, p_stage, p_queue, found.parties,
          case round when 1 then found.shares
            else array_fill(p_limit - taken, array[cardinality(found.parties)]) end,
          p_limit - taken, p_now) end;
      continue when due = '{}';
      return query
        with gone as (
          delete from work w where w.ctid = any (due) returning w.*
        )
        select * from gone order by run_at, id;
      taken := taken + cardinality(due);
      exit when taken >= p_limit;
    end loop;
    exit when taken >= p_limit or not more;
  end loop;
end $$;

-- Takes work on lease: it stays, and comes due again at p_until unless it is deleted before.
create function lease_work(
  p_stage text, p_queue text, p_limit integer, p_first integer, p_now timestamptz,
  p_until timestamptz
) returns setof work language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off as $$
declare
  taken integer := 0;
  more boolean;
  found record;
  due tid[];
begin
  for round in 1..2 loop
    more := false;
    for found in select * from due_shares(p_stage, p_queue, p_limit - taken, p_first, p_now) loop
      more := more or found.more;
      due := case when found.parties is null then array(
          select w.ctid from work w
          where w.lane = found.lane and w.stage = p_stage and w.queue = p_queue
            and w.run_at <= p_now
          order by w.run_at, w.id limit p_limit - taken for update skip locked
        )
        else lock_due(found.lane, p_stage, p_queue, found.parties,
          case round when 1 then found.shares
            else array_fill(p_limit - taken, array[cardinality(found.parties)]) end,
          p_limit - taken, p_now) end;
      continue when due = '{}';
      return query
        with held as (
          update work w set run_at = p_until, attempts = w.attempts + 1
          where w.ctid = any (due) returning w.*
        )
        select * from held order by id;
      taken := taken + cardinality(due);
      exit when taken >= p_limit;
    end loop;
    exit when taken >= p_limit or not more;
  end loop;
end $$;
`,
  },
  {
    version: 7,
    name: 'link_sent',
    breaking: false,
    sql: `-- What each link took, by the minute: from it follows how long a queue needs to drain. Kept for a day.
create table link_sent (
  code text not null,
  minute timestamptz not null,
  messages integer not null,
  documents integer not null,
  primary key (code, minute)
) with (fillfactor = 50);
`,
  },
  {
    version: 8,
    name: 'sent_again',
    breaking: false,
    sql: `-- Messages that are sent again, and replies that are read or found again.

-- When a message was sent again, or is going to be: one entry for each time, in order. An answer of the
-- exchange platform speaks of the last sending before it came in.
alter table message add column resent_at timestamptz[] not null default '{}';
-- Before its first sending, of a message with a later version of a document: nobody answers that
-- version earlier.
alter table message add column tried_at timestamptz;
update message set tried_at = created_at where 1 < any (document_versions);
-- For the operator: few messages ever are in trouble.
create index message_trouble on message (lane, id) where problem is not null;

-- Bytes as they came, and how often somebody tried to read and fold them.
alter table reply add column size integer, add column attempts integer not null default 0;

-- A document that is composed finds the replies that were there before it.
create index unmatched_reply_number on unmatched_reply (lane, number) where name is null;
`,
  },
  {
    version: 9,
    name: 'signers',
    breaking: false,
    sql: `-- Signers that must be called out to, the pool of an enterprise, and messages that wait for them.

-- \`local\`: the private key lies sealed in this row. \`remote\`: a signing service at the address in
-- \`driver\` signs. \`device\`: a device behind the driver of that name does. The far side knows the key
-- as \`label\`; its token or PIN lies sealed in \`sealed_secret\`. Signers are used in the order of
-- \`priority\`, the smallest first. One that is retired keeps its certificate and nothing secret.
alter table signing_key
  alter column sealed_key drop not null,
  add column kind text not null default 'local' check (kind in ('local', 'remote', 'device')),
  add column driver text,
  add column label text,
  add column sealed_secret bytea,
  add column priority smallint not null default 100,
  add column retired_at timestamptz,
  add check (kind <> 'local' or sealed_key is not null or retired_at is not null),
  add check (kind = 'local' or (driver is not null and label is not null));

-- How a signer stands, for all gateways on this database; without a row it is untroubled and was not
-- measured yet. \`warned_days\` is the last step of the warnings before its certificate ends.
create table signer_state (
  enterprise_id text not null,
  key_name text not null,
  state text not null check (state in ('ok', 'quarantined')),
  since timestamptz not null,
  failures integer not null default 0,
  retry_at timestamptz not null,
  problem text,
  rate double precision,
  rate_at timestamptz,
  warned_days smallint,
  primary key (enterprise_id, key_name),
  foreign key (enterprise_id, key_name) references signing_key (enterprise_id, key_name)
) with (fillfactor = 50);
create index signer_quarantined on signer_state (retry_at) where state = 'quarantined';

-- A message without a hash is not signed yet: \`sealed\` is its canonical text, and \`place\` says where
-- in it the signature belongs and which namespaces are in scope there. Bytes with a hash never change.
alter table message
  alter column hash drop not null,
  add column signed_at timestamptz,
  add column place jsonb,
  add check ((hash is null) = (place is not null));
`,
  },
  {
    version: 10,
    name: 'awaited',
    breaking: false,
    sql: `-- Messages that were handed over and of which nothing had been heard when somebody last looked.
-- Written when a message is sent, looked at when it is due, and never in between: what arrives from
-- customs does not touch it. So it holds the messages of one waiting time, not all of them.
create table awaited_message (
  lane smallint not null,
  id uuid not null,
  due_at timestamptz not null,
  primary key (lane, id)
);
create index awaited_message_due on awaited_message (due_at);
`,
  },
  {
    version: 11,
    name: 'original_payments',
    breaking: false,
    sql: `-- Original payment data (announcements 2018-165 and 2018-179): what platforms hand in, the calls of
-- customs for it with the uploads that answer them, and who was shown any of it.

-- One row per version of a payment, never changed; lane of payTransactionId. What customs may ask for
-- is sealed whole.
create table original_payment (
  lane smallint not null,
  id uuid not null,
  pay_transaction_id text not null,
  ebp_code text not null,
  version integer not null,
  platform_id text not null references enterprise (id),
  submitted_by text not null,
  content_hash bytea not null,
  sealed bytea not null,
  created_at timestamptz not null,
  primary key (lane, id)
);
create unique index original_payment_key
  on original_payment (lane, pay_transaction_id, ebp_code, version);
create index original_payment_age on original_payment (created_at);

-- The orders a payment paid for; lane of the order number.
create table original_payment_order (
  lane smallint not null,
  order_no text not null,
  payment_id uuid not null,
  platform_id text not null,
  primary key (lane, order_no, payment_id)
);
create index original_payment_order_payment on original_payment_order (payment_id);

-- One call of customs and the upload that answers it; lane of the session. The body is built once,
-- kept before it is sent, and sent unchanged as often as needed.
create table disclosure (
  lane smallint not null,
  id uuid not null,
  session_id text not null,
  order_no text not null,
  platform_id text not null references enterprise (id),
  request_id text not null,
  asked_at timestamptz not null,
  state text not null check (state in ('asked', 'built', 'done', 'ended')),
  sealed_body bytea,
  code text,
  sealed_message bytea,
  problem text,
  settled_at timestamptz,
  primary key (lane, id)
) with (fillfactor = 70);
create unique index disclosure_session on disclosure (lane, session_id);
create index disclosure_order on disclosure (order_no);
create index disclosure_platform on disclosure (platform_id, id);
create index disclosure_open on disclosure (platform_id) where state in ('asked', 'built');
create index disclosure_age on disclosure (asked_at);

-- Who was shown original payment data, append-only. The actor is an enterprise's id, 'operator' or
-- 'customs'; \`enterprise_id\` is whose data it was.
create table access_log (
  id uuid primary key,
  at timestamptz not null,
  actor text not null,
  user_id text,
  what text not null check (what in ('viewed', 'disclosed')),
  enterprise_id text not null,
  order_no text not null,
  payment_id uuid not null,
  request_id text not null
);
create index access_log_enterprise on access_log (enterprise_id, id);
create trigger access_log_append_only before update or delete on access_log
  for each row execute function refuse_change();
`,
  },
  {
    version: 12,
    name: 'batches',
    breaking: false,
    sql: `-- Cheaper batches: bytes without hexadecimal digits, and fair shares of short queues by one ranking.

-- The pieces of p_all, one after the other, so many bytes each; -1 is null. The way a batch carries
-- its bytes, which inside an array would travel as hexadecimal text.
create function bytea_pieces(p_all bytea, p_lengths integer[]) returns setof bytea
language plpgsql immutable strict as $$
declare
  place integer := 1;
  size integer;
begin
  foreach size in array p_lengths loop
    if size < 0 then
      return next null;
    else
      return next substring(p_all from place for size);
      place := place + size;
    end if;
  end loop;
end $$;

-- As before, but a queue of few rows is shared by ranking them: each party's first before anybody's
-- second, a party's own over all of its lanes. Looking for parties lane by lane, as a long queue
-- needs it, costs some 4 ms however few rows there are, and a link's queue is nearly always longer
-- than the handful of messages that go at once.
create or replace function due_shares(
  p_stage text, p_queue text, p_limit integer, p_first integer, p_now timestamptz
) returns table (lane smallint, parties integer[], shares integer[], more boolean)
language plpgsql stable as $$
#variable_conflict use_column
declare
  busy smallint[];
  waiting bigint;
  longest bigint;
  -- Twice what a lane has when all of p_limit waits: more in one of them is taken for more in all.
  bound integer := greatest(8, p_limit / 32);
begin
  -- Counted no further than it matters, due or not: this is asked at every claim.
  select array_agg(l.lane order by l.place), sum(c.waiting), max(c.waiting)
    into busy, waiting, longest
  from (
    select i as place, ((p_first + i) % 64)::smallint as lane from generate_series(0, 63) i
  ) l cross join lateral (
    select count(*) as waiting from (
      select from work w
      where w.lane = l.lane and w.stage = p_stage and w.queue = p_queue limit bound + 1
    ) bounded
  ) c where c.waiting > 0;
  if busy is null then
    return;
  end if;
  if longest <= bound then
    if waiting <= p_limit then
      return query select u.lane, null::integer[], null::integer[], false
        from unnest(busy) with ordinality u(lane, place) order by u.place;
      return;
    end if;
    return query with due as (
      select u.place, w.lane, w.party,
        row_number() over (partition by w.party order by w.run_at, u.place, w.id) as nth, w.run_at
      from unnest(busy) with ordinality u(lane, place)
      join work w on w.lane = u.lane and w.stage = p_stage and w.queue = p_queue
        and w.run_at <= p_now
    ), shared as (
      select d.place, d.lane, d.party, count(*) filter (where d.taken) as share, count(*) as due
      from (
        select due.*, row_number() over (order by due.nth, due.run_at, due.place) <= p_limit as taken
        from due
      ) d group by d.place, d.lane, d.party
    )
    select s.lane, coalesce(array_agg(s.party) filter (where s.share > 0), '{}'),
      coalesce(array_agg(s.share::integer) filter (where s.share > 0), '{}'),
      bool_or(s.share < s.due)
    from shared s group by s.place, s.lane order by s.place;
    return;
  end if;
  return query with pair as materialized (
    select l.place, l.lane, d.party,
      row_number() over (partition by d.party order by l.place) as nth,
      count(*) over (partition by d.party) as lanes,
      greatest(16, 2 * p_limit / count(*) over ()) as most
    from (
      select i as place, ((p_first + i) % 64)::smallint as lane from generate_series(0, 63) i
    ) l cross join lateral due_parties(l.lane, p_stage, p_queue, p_now,
      hashint8((extract(epoch from p_now) * 1000)::bigint + l.lane)) d
  ), found as materialized (
    -- Counted no further than anybody could need.
    select pair.*, c.due from pair cross join lateral (
      select count(*) as due from (
        select from work w
        where w.lane = pair.lane and w.stage = p_stage and w.queue = p_queue
          and w.party = pair.party and w.run_at <= p_now
        limit pair.most
      ) bounded
    ) c
  ), party as (
    select f.party, sum(f.due) as due from found f group by f.party
  ), equal as (
    select p.due, row_number() over w as nth,
      (p_limit - coalesce(sum(p.due) over before, 0)) / (count(*) over () - row_number() over w + 1)
        as part
    from party p
    window w as (order by p.due, p.party),
      before as (order by p.due, p.party rows between unbounded preceding and 1 preceding)
  ), fair as (
    select greatest(1, floor(e.part)) as part from equal e where e.due > e.part
    order by e.nth limit 1
  ), shared as (
    select f.place, f.lane, f.party, f.due, f.most, case
        when fair.part is null or p.due <= fair.part then f.due
        else least(f.due,
          floor(fair.part * f.nth / f.lanes) - floor(fair.part * (f.nth - 1) / f.lanes))
      end as share
    from found f join party p on p.party = f.party left join fair on true
  )
  select s.lane, coalesce(array_agg(s.party) filter (where s.share > 0), '{}'),
    coalesce(array_agg(s.share::integer) filter (where s.share > 0), '{}'),
    bool_or(s.share < s.due or s.due = s.most)
  from shared s group by s.place, s.lane order by s.place;
end $$;

-- As before, in one statement a lane.
create or replace function claim_work(
  p_stage text, p_queue text, p_limit integer, p_first integer, p_now timestamptz
) returns setof work language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off as $$
declare
  taken integer := 0;
  more boolean;
  found record;
  moved integer;
begin
  for round in 1..2 loop
    more := false;
    for found in select * from due_shares(p_stage, p_queue, p_limit - taken, p_first, p_now) loop
      more := more or found.more;
      if found.parties is null then
        return query
          with due as materialized (
            select w.ctid as place from work w
            where w.lane = found.lane and w.stage = p_stage and w.queue = p_queue
              and w.run_at <= p_now
            order by w.run_at, w.id limit p_limit - taken for update skip locked
          ), gone as (
            delete from work w using due where w.ctid = due.place
            returning w.*
          )
          select * from gone order by run_at, id;
      else
        return query
          with due as materialized (
            select place from unnest(lock_due(found.lane, p_stage, p_queue, found.parties,
              case round when 1 then found.shares
                else array_fill(p_limit - taken, array[cardinality(found.parties)]) end,
              p_limit - taken, p_now)) as place
          ), gone as (
            delete from work w using due where w.ctid = due.place
            returning w.*
          )
          select * from gone order by run_at, id;
      end if;
      get diagnostics moved = row_count;
      taken := taken + moved;
      exit when taken >= p_limit;
    end loop;
    exit when taken >= p_limit or not more;
  end loop;
end $$;

create or replace function lease_work(
  p_stage text, p_queue text, p_limit integer, p_first integer, p_now timestamptz,
  p_until timestamptz
) returns setof work language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off as $$
declare
  taken integer := 0;
  more boolean;
  found record;
  moved integer;
begin
  for round in 1..2 loop
    more := false;
    for found in select * from due_shares(p_stage, p_queue, p_limit - taken, p_first, p_now) loop
      more := more or found.more;
      if found.parties is null then
        return query
          with due as materialized (
            select w.ctid as place from work w
            where w.lane = found.lane and w.stage = p_stage and w.queue = p_queue
              and w.run_at <= p_now
            order by w.run_at, w.id limit p_limit - taken for update skip locked
          ), held as (
            update work w set run_at = p_until, attempts = w.attempts + 1
            from due where w.ctid = due.place
            returning w.*
          )
          select * from held order by id;
      else
        return query
          with due as materialized (
            select place from unnest(lock_due(found.lane, p_stage, p_queue, found.parties,
              case round when 1 then found.shares
                else array_fill(p_limit - taken, array[cardinality(found.parties)]) end,
              p_limit - taken, p_now)) as place
          ), held as (
            update work w set run_at = p_until, attempts = w.attempts + 1
            from due where w.ctid = due.place
            returning w.*
          )
          select * from held order by id;
      end if;
      get diagnostics moved = row_count;
      taken := taken + moved;
      exit when taken >= p_limit;
    end loop;
    exit when taken >= p_limit or not more;
  end loop;
end $$;
`,
  },
  {
    version: 13,
    name: 'rule_switches',
    breaking: false,
    sql: `-- How severe rules are. Editions are reference data, seeded from the catalogue and then edited here;
-- a rule without an edition in force on a day says nothing on it. Switches are what an enterprise
-- chose instead, among what the catalogue lets it choose.
create table rule_edition (
  rule text not null,
  valid_from date not null,
  valid_to date,
  severity text not null check (severity in ('refuse', 'hold', 'warn')),
  confidence text not null,
  source text not null,
  primary key (rule, valid_from)
);

create table rule_switch (
  enterprise_id text not null references enterprise (id),
  rule text not null,
  severity text not null check (severity in ('refuse', 'hold', 'warn')),
  set_by text,
  set_at timestamptz not null,
  primary key (enterprise_id, rule)
);
`,
  },
  {
    version: 14,
    name: 'holds',
    breaking: false,
    sql: `-- What documents hold of something bounded: of a buyer's year, of the stock of an item in an account
-- book. A document's hold follows from where the document stands; an account sums its holds.

-- \`id\` is derived from what the account is of and carries the lane. \`stock\` is null where a rule's
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

-- Lane of the document, whose state decides. \`asked\` is what its current version asks for, \`restored\`
-- what was given back of it after release. \`leaves\`: the current version asks to delete it.
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
`,
  },
  {
    version: 15,
    name: 'reference_tables',
    breaking: false,
    sql: `-- Reference tables that operators load from CSV, and the log of who loaded what.

-- One row a load that changed something.
create table reference_load (
  id uuid primary key,
  name text not null,
  loaded_at timestamptz not null,
  loaded_by text not null,
  rows integer not null,
  added integer not null,
  changed integer not null,
  removed integer not null
);
create index reference_load_name on reference_load (name, loaded_at);

-- Positive list of retail import: an edition, known by its first day, takes the place of all before.
create table positive_list (
  valid_from date not null,
  hs text not null,
  name text not null,
  remark text not null,
  yearly_cap numeric,
  cap_unit text not null,
  source text not null,
  primary key (valid_from, hs)
);

-- Goods that may not be sold: what a row gives must all be true of a line; '' is not given.
create table sale_ban (
  hs text not null,
  name text not null,
  country text not null,
  valid_from date not null,
  valid_to date,
  reason text not null,
  source text not null,
  primary key (hs, name, country, valid_from)
);

-- Statutory units of tariff codes of 8 or 10 digits; unit2 is '' where there is no second one.
create table hs_unit (
  hs text not null,
  name text not null,
  unit1 text not null,
  unit2 text not null,
  valid_from date not null,
  valid_to date,
  source text not null,
  note text not null,
  primary key (hs, valid_from)
);
`,
  },
  {
    version: 16,
    name: 'tax',
    breaking: false,
    sql: `-- What taxes of retail imports follow from: rates by commodity code, and customs' exchange rates.

-- Rates: editable, dated, each with its source and how sure it is. Of the codes that begin a commodity
-- code the longest decides, of its rows in force the newest, of those the highest value reached.
-- Rates are fractions; \`per_unit\` is CNY for one \`unit\`. A null duty is not known.
create table tax_rate (
  code text not null,
  valid_from date not null,
  valid_to date,
  tier_unit text not null default '',
  tier_from numeric not null default 0,
  duty numeric,
  vat numeric not null,
  ad_valorem numeric not null default 0 check (ad_valorem < 1),
  per_unit numeric not null default 0,
  unit text not null default '',
  confidence text not null,
  source text not null,
  note text not null default '',
  primary key (code, valid_from, tier_unit, tier_from)
);

-- CNY for one unit of a currency, as customs uses it for a whole month (\`yyyy-MM\`). Empty until
-- somebody enters what was announced: a month without a row has no rate.
create table exchange_rate (
  currency text not null,
  month text not null,
  rate numeric not null check (rate > 0),
  announced_on date not null,
  source text not null,
  primary key (currency, month)
);
`,
  },
  {
    version: 17,
    name: 'mandates',
    breaking: false,
    sql: `-- Mandates for some zones only, their early end, and under which mandate a document came in.

-- No zone is every zone. The days a mandate was given for stay as they were: an early end is noted
-- beside them, with the moment from which it holds no more and the last day that is still covered.
alter table mandate
  add column zones text[] not null default '{}',
  add column ended_at timestamptz,
  add column ended_on date,
  add column end_given_at timestamptz;
create index mandate_principal on mandate (principal_id);

-- Null where its sender handed it in himself.
alter table document add column mandate_id uuid;
`,
  },
  {
    version: 18,
    name: 'bonded_books',
    breaking: false,
    sql: `-- Bonded account books (账册): who keeps one, its items, and the log of all that changed them. Every
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

-- How much of it there is, and how much documents hold, stands in its account (\`hold_account\`).
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

-- Every change, append-only: of what is there (\`stock_change\`) and of what documents under way hold
-- (\`reserved_change\`). An adjustment by a count holds as of the count, all others as of when they were
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
`,
  },
  {
    version: 19,
    name: 'link',
    breaking: false,
    sql: `-- Messages on their way out by their id, and versions that wait for one; how long nothing was heard.

-- Whether a message is on its way is asked of its id. Only work of whole messages is in it, one row
-- for up to a hundred documents, so handing in does not pay for it.
create index work_message on work (lane, subject) where stage in ('sign', 'dispatch');

-- Versions that wait for a message to go out. Neither column ever changes with a state, so that
-- updates of states stay in place.
create index document_state_prior on document_state (prior_message_id)
  where prior_message_id is not null;

-- Rounds of sending after which nothing was heard of the message: 0 for one that has its first time.
alter table awaited_message add column round smallint not null default 0;
create index awaited_message_silent on awaited_message (lane, id) where round > 0;
`,
  },
  {
    version: 20,
    name: 'tax_variances',
    breaking: false,
    sql: `-- What customs billed for a list beside what it was estimated to bear; lane of the list's id. Written
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
`,
  },
  {
    version: 21,
    name: 'stage_clocks',
    breaking: false,
    sql: `-- How long documents stand where they stand: the stages each went through, what is usual, and the few
-- that are open for longer. Written by a chore beside the flow; no step of the flow pays for it.

-- 17 digits of China time.
create function official_moment(p_time text) returns timestamptz
language sql stable strict parallel safe as $$
  select (substr(p_time, 1, 8) || ' ' || substr(p_time, 9, 2) || ':' || substr(p_time, 11, 2)
    || ':' || substr(p_time, 13, 2) || '.' || substr(p_time, 15, 3) || '+08')::timestamptz
$$;

-- The stages of documents in the version asked for, in the order in which evidence counts; \`until\` is
-- null for the one it is in. A stage begins when its first evidence happened, by the time customs
-- gives or else by ours, and never before the one ahead of it. Lanes, ids and versions go side by side.
create function stage_spans(
  p_lanes smallint[], p_ids uuid[], p_versions integer[], p_final integer
) returns table (lane smallint, document_id uuid, state text, since timestamptz, until timestamptz)
language sql stable as $$
  with told as (
    select e.lane, e.document_id, e.state,
      row_number() over counting as n,
      max(case when e.return_time = '' then e.at else official_moment(e.return_time) end)
        over counting as reached,
      lag(e.state) over counting as before
    from unnest(p_lanes, p_ids, p_versions) r(lane, id, version)
    join event e on e.lane = r.lane and e.document_id = r.id and e.version = r.version
    window counting as (
      partition by e.lane, e.document_id
      order by e.return_time <> '' and e.rank >= p_final, e.return_time collate "C", e.rank, e.seq
      rows between unbounded preceding and current row
    )
  )
  select t.lane, t.document_id, t.state, t.reached,
    lead(t.reached) over (partition by t.lane, t.document_id order by t.n)
  from told t where t.before is distinct from t.state
$$;

-- Documents that were open when the chore looked, with the stage they were in; lane of the document.
-- \`zone\` is '' for none. Whoever reads it holds it against the document's state.
create table open_stage (
  lane smallint not null,
  document_id uuid not null,
  kind text not null,
  sender_id text not null,
  zone text not null,
  version integer not null,
  state text not null,
  since timestamptz not null,
  primary key (lane, document_id)
);
create index open_stage_since on open_stage (since, document_id);
create index open_stage_sender on open_stage (sender_id, since, document_id);

-- Up to which birth documents were looked at, for each age at which that is done, in seconds.
create table stage_look (
  age integer primary key,
  looked_until timestamptz not null
);

-- A sample of documents of each kind and zone, whatever became of them; their stages are counted anew
-- at every reckoning.
create table stage_sample (
  lane smallint not null,
  document_id uuid not null,
  kind text not null,
  zone text not null,
  primary key (lane, document_id)
);

-- What is usual, from the sample: stages that were left. \`zone\` is '*' for all of them together.
create table stage_pace (
  kind text not null,
  zone text not null,
  state text not null,
  stages integer not null,
  median_seconds double precision not null,
  p95_seconds double precision not null,
  as_of timestamptz not null,
  primary key (kind, zone, state)
);
`,
  },
  {
    version: 22,
    name: 'rejections',
    breaking: false,
    sql: `-- Rejections: how each refused document stands refused, in a narrow row that lives as long as the
-- refusal does, so that any selection is folded without reading documents, events or texts.

-- True while the document has a row in \`rejection\`; outside all indexes, as the columns beside it.
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

-- \`saying\` is null until somebody has read the event again (rows that this migration makes).
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
`,
  },
  {
    version: 23,
    name: 'deadlines',
    breaking: false,
    sql: `-- Documents that ask customs for something, by kind and birth: for what falls due because of them.
create index act_target_birth on act_target (kind, document_id);
`,
  },
  {
    version: 24,
    name: 'marks',
    breaking: false,
    sql: `-- Whether documents of a consignment agree is told without opening any of them.

-- \`marks\`: short hashes of what is compared, each at the place of what it is compared with; null
-- where a document says nothing, and as a whole for parts stored before there were marks. \`doubts\`:
-- rules that a document breaks by itself.
alter table consignment_part add column marks bigint[], add column doubts text[];

-- A list that waits now ranks below one that its rules hold back (\`blocked\`).
update document_state set rank = 0 where state = 'waiting' and rank = 1;
`,
  },
  {
    version: 25,
    name: 'access_log',
    breaking: false,
    sql: `-- The log of accesses also says who opened the bytes of a reply, and is kept as long as what it is about.
alter table access_log alter column payment_id drop not null;
alter table access_log add column reply_id uuid;
alter table access_log drop constraint access_log_what_check;
alter table access_log add constraint access_log_what_check
  check (what in ('viewed', 'disclosed', 'reply-opened'));
create index access_log_age on access_log (at);

-- Rows are deleted by age and in no other way: whoever does it says so for his transaction.
create function refuse_deletion() returns trigger language plpgsql as $$
begin
  if current_setting('yuguan.forgetting', true) = 'on' then
    return old;
  end if;
  raise exception '% is append-only', tg_table_name;
end $$;
drop trigger access_log_append_only on access_log;
create trigger access_log_append_only before update on access_log
  for each row execute function refuse_change();
create trigger access_log_kept before delete on access_log
  for each row execute function refuse_deletion();
`,
  },
  {
    version: 26,
    name: 'bonded_documents',
    breaking: false,
    sql: `-- What one document changed in bonded books.
create index bonded_movement_document on bonded_movement (lane, ems_no, document_id)
  where document_id is not null;
`,
  },
  {
    version: 27,
    name: 'ledger',
    breaking: false,
    sql: `-- What counts: one entry whenever what a document or a settlement counts for changes, never changed
-- afterwards. What was counted at a moment is the sum of the entries recorded up to it.
create table ledger_entry (
  lane smallint not null,
  -- The document, or the settlement.
  subject_id uuid not null,
  -- declared, released, settled
  scope text not null,
  seq bigint generated always as identity,
  -- state, return, settlement: what made it.
  cause text not null,
  recorded_at timestamptz not null,
  -- Month it counts for, yyyyMM in China.
  month text not null,
  direction text not null,
  zone text not null,
  trade_mode text not null,
  -- 1, -1, or 0 where the amount alone changes.
  count smallint not null,
  -- By what else it counts: {"merchant": code, "country": code, ...}.
  dims jsonb not null,
  -- Amounts by currency and HS chapter, signed as they count:
  -- [{"currency": "142", "chapter": "33", "amount": "12.50"}]; the first one carries the count.
  parts jsonb not null,
  primary key (lane, subject_id, scope, seq)
);
create index ledger_entry_month on ledger_entry (scope, month, subject_id);
create index ledger_entry_recorded on ledger_entry using brin (recorded_at);
create trigger ledger_entry_append_only before update or delete on ledger_entry
  for each row execute function refuse_change();

-- The entries summed up, written in the same transaction and only ever added to, so that no writer
-- waits for another; a chore puts rows of one key together.
create table ledger_sum (
  id bigint generated always as identity primary key,
  -- Month of recorded_at, yyyyMM in China: figures as of a moment add a part of one month's entries.
  recorded text not null,
  scope text not null,
  -- '' for the sums by month, direction, zone, mode and currency; else what they are split by, and key.
  dim text not null,
  key text not null,
  month text not null,
  direction text not null,
  zone text not null,
  trade_mode text not null,
  currency text not null,
  count bigint not null,
  amount numeric(30, 5) not null
);
create index ledger_sum_read on ledger_sum (dim, scope, month);

-- Up to this moment nothing is recorded any more: figures as of then or earlier never change.
create table ledger_seal (
  one boolean primary key default true check (one),
  at timestamptz not null
);
insert into ledger_seal (at) values ('epoch');

-- What a list counts by, of each version: {"dims": {...}, "parts": [...]} as in ledger_entry.
alter table document add column counts jsonb;
alter table document_state add column declared_version integer, add column declared_month text;

-- Rates as they were known: null where one was taken away. Written with every change of exchange_rate.
create table exchange_rate_edition (
  currency text not null,
  month text not null,
  recorded_at timestamptz not null,
  rate numeric(20, 10),
  announced_on date,
  source text,
  primary key (currency, month, recorded_at)
);
-- When those were entered that are there already is not known.
insert into exchange_rate_edition (currency, month, recorded_at, rate, announced_on, source)
select currency, month, 'epoch', rate, announced_on, source from exchange_rate;

-- What a measure is made of and how it is defined, dated and editable; scopes: declared, released,
-- settled, policy.
create table measure (
  scope text not null,
  valid_from date not null,
  -- Scopes that are added up.
  parts text[] not null,
  zh text not null,
  en text not null,
  confidence text not null,
  source text not null,
  primary key (scope, valid_from)
);

-- Its place is taken by the sums of the ledger; \`yuguan totals rebuild\` counts lists stored before.
drop table total;
`,
  },
  {
    version: 28,
    name: 'targets',
    breaking: false,
    sql: `-- Targets become editions: the city's and each zone's, dated, with how sure they are and what was known
-- when. Tags of enterprises and the indicators of the policy's scoreboard that count them.

-- zone is '' for the whole city.
alter table target
  alter column year type text,
  alter column amount type numeric using trim_scale(amount),
  add column zone text not null default '',
  add column valid_from date not null default '2019-01-01',
  add column valid_to date,
  add column confidence text not null default 'B',
  add column note text not null default '',
  drop constraint target_pkey,
  add primary key (year, zone, valid_from);
alter table target alter column valid_from drop default, alter column confidence drop default;

-- Every state of a row as it was recorded; one that was taken away is a state without an amount.
create table target_edition (
  year text not null,
  zone text not null,
  valid_from date not null,
  recorded_at timestamptz not null,
  valid_to date,
  amount numeric,
  confidence text,
  source text,
  note text,
  primary key (year, zone, valid_from, recorded_at)
);
create trigger target_edition_append_only before update or delete on target_edition
  for each row execute function refuse_change();
insert into target_edition (year, zone, valid_from, recorded_at, amount, confidence, source, note)
select year, zone, valid_from, 'epoch', amount, confidence, source, note from target;

-- What an enterprise counts as, and from when to when; subject is '' for the enterprise itself, or
-- names what it has several of.
create table enterprise_tag (
  enterprise text not null references enterprise (id),
  tag text not null,
  subject text not null,
  valid_from date not null,
  valid_to date,
  confidence text not null,
  source text not null,
  note text not null,
  primary key (enterprise, tag, subject, valid_from)
);
create index enterprise_tag_tag on enterprise_tag (tag, valid_from);
create table enterprise_tag_edition (
  enterprise text not null,
  tag text not null,
  subject text not null,
  valid_from date not null,
  recorded_at timestamptz not null,
  valid_to date,
  confidence text,
  source text,
  note text,
  primary key (enterprise, tag, subject, valid_from, recorded_at)
);
create trigger enterprise_tag_edition_append_only before update or delete on enterprise_tag_edition
  for each row execute function refuse_change();

-- What the policy counts: enterprises with a tag, or the subjects they name. A null bound is none.
create table scoreboard_indicator (
  indicator text not null,
  valid_from date not null,
  valid_to date,
  zh text not null,
  en text not null,
  tag text not null,
  counts text not null,
  lowest numeric,
  highest numeric,
  due date,
  confidence text not null,
  source text not null,
  note text not null,
  primary key (indicator, valid_from)
);
`,
  },
  {
    version: 29,
    name: 'open_data',
    breaking: false,
    sql: `-- Open data as it was published: the figures of a year at the first moment of a day, byte for byte,
-- so that everybody who asks on that day gets the same.
create table open_publication (
  year integer not null,
  as_of timestamptz not null,
  content text not null,
  primary key (year, as_of)
);
`,
  },
  {
    version: 30,
    name: 'reports',
    breaking: false,
    sql: `-- Monthly reports as they were published: each edition whole, with the moment its figures are as of.
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
`,
  },
  {
    version: 31,
    name: 'ledger_folds',
    breaking: false,
    sql: `-- Sums of the ledger put together: one row for a key, where \`ledger_sum\` has one for each batch that
-- told something. Only a chore writes here, and takes away in the same transaction what it puts
-- together; so no writer of the flow waits for another, and a reader adds up both.
create table ledger_fold (
  dim text not null,
  scope text not null,
  zone text not null,
  month text not null,
  key text not null,
  direction text not null,
  trade_mode text not null,
  currency text not null,
  recorded text not null,
  count bigint not null,
  amount numeric(30, 5) not null,
  -- All that is asked for, so that the rows are not read.
  primary key (dim, scope, zone, month, key, direction, trade_mode, currency, recorded)
    include (count, amount)
);
-- The same by one enterprise, country or chapter alone: a hundredth of the rows, for whoever does not
-- ask by zone, mode or direction as well.
create table ledger_dim_fold (
  dim text not null,
  scope text not null,
  month text not null,
  key text not null,
  currency text not null,
  recorded text not null,
  count bigint not null,
  amount numeric(30, 5) not null,
  primary key (dim, scope, month, key, currency, recorded) include (count, amount)
);

-- What readers add up: what is put together and what is not yet.
create view ledger_figure as
  select dim, scope, zone, month, key, direction, trade_mode, currency, recorded, count, amount
  from ledger_fold
  union all
  select dim, scope, zone, month, key, direction, trade_mode, currency, recorded, count, amount
  from ledger_sum;
create view ledger_dim_figure as
  select dim, scope, month, key, currency, recorded, count, amount from ledger_dim_fold
  union all
  select dim, scope, month, key, currency, recorded, count, amount from ledger_sum where dim <> '';

-- Its rows come and go: what is gone must not be read over and over.
alter table ledger_sum set
  (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);
`,
  },
  {
    version: 32,
    name: 'settlements',
    breaking: false,
    sql: `-- Settlement records of payment institutions and banks, and what of released lists is settled by them.
create table settlement (
  -- Of the institution's own number.
  lane smallint not null,
  id uuid not null,
  institution_id text not null references enterprise (id),
  number text not null,
  version integer not null,
  -- in-force, withdrawn
  state text not null,
  -- 1 actual, 2 restored, 3 refund
  nature text not null,
  -- Number of the record that a refund or a restored flow belongs to.
  reference text,
  -- Code as it was given: 10 characters of customs, or the credit code.
  seller text not null,
  -- 1, 3 in; 2, 4 out
  direction text not null,
  currency text not null,
  -- Of the value date, yyyyMM.
  month text not null,
  value_date date not null,
  bop_code text not null,
  gross numeric(20, 2) not null,
  costs numeric(20, 2) not null,
  net numeric(20, 2) not null,
  rmb numeric(20, 2) not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (lane, id)
);
create unique index settlement_number on settlement (lane, number, institution_id);
create index settlement_institution on settlement (institution_id, id);
create index settlement_seller on settlement (seller, id);
create index settlement_month on settlement (month, institution_id);
create index settlement_reference on settlement (institution_id, reference)
  where reference is not null;

-- Every version as it was handed in, and every withdrawal; never changed.
create table settlement_version (
  lane smallint not null,
  settlement_id uuid not null,
  version integer not null,
  -- given, changed, withdrawn
  verb text not null,
  -- Null of a withdrawal.
  record jsonb,
  content_hash bytea,
  reason text,
  submitted_by text not null,
  mandate_id uuid,
  at timestamptz not null,
  primary key (lane, settlement_id, version)
);
create trigger settlement_version_append_only before update or delete on settlement_version
  for each row execute function refuse_change();

-- Lines of the version in force; of a withdrawn record none.
create table settlement_line (
  lane smallint not null,
  settlement_id uuid not null,
  position smallint not null,
  order_no text,
  list_no text,
  agent_code text,
  amount numeric(20, 2) not null,
  -- The list it is matched to, or why to none.
  list_id uuid,
  reason text,
  primary key (lane, settlement_id, position),
  check (list_id is null or reason is null)
);
create index settlement_line_list on settlement_line (list_id) where list_id is not null;
create index settlement_line_order on settlement_line (order_no) where reason is not null;
create index settlement_line_list_no on settlement_line (list_no) where reason is not null;

-- Lists that are or were released, with what they count for in the ledger after returns, and what of
-- it is settled. Written by a chore that follows the ledger, and by whoever settles; its row is locked
-- by every change of what is settled of the list.
create table settled_list (
  lane smallint not null,
  list_id uuid not null,
  released boolean not null,
  -- Customs code of the seller.
  merchant text not null,
  direction text not null,
  zone text not null,
  trade_mode text not null,
  -- yyyyMM of release, and the day.
  month text not null,
  released_on date not null,
  -- [{"currency": "142", "amount": "12.50"}] after returns.
  parts jsonb not null,
  -- What is left, in the list's own currency, CNY where it has several; null where a rate is missing.
  currency text not null,
  open_amount numeric(30, 5),
  is_open boolean not null,
  -- When the lines that name it are to be looked at again; null: nothing is to be done.
  look_at timestamptz,
  primary key (lane, list_id)
);
create index settled_list_look on settled_list (look_at) where look_at is not null;
create index settled_list_open on settled_list (merchant, released_on, list_id)
  include (currency, open_amount) where is_open;
create index settled_list_open_all on settled_list (released_on, list_id)
  include (currency, open_amount) where is_open;

-- How far the ledger was followed.
create table settlement_follow (
  one boolean primary key default true check (one),
  recorded_at timestamptz not null,
  seq bigint not null
);
insert into settlement_follow (recorded_at, seq) values ('epoch', 0);

create table bop_code (
  code text not null,
  valid_from date not null,
  valid_to date,
  zh text not null,
  -- actual, restored, both
  flow text not null,
  confidence text not null,
  source text not null,
  note text not null default '',
  primary key (code, valid_from)
);
`,
  },
  {
    version: 33,
    name: 'zone_folds',
    breaking: false,
    sql: `-- What zones are measured by beside the ledger: sums that the transaction of every change adds to and
-- nobody rewrites, so that no writer waits for another; a chore puts rows of one key together.

-- Refusals of lists that customs told, each reply once, by the month of its official time.
create table refusal_sum (
  id bigint generated always as identity primary key,
  month text not null,
  -- '' for undecided.
  zone text not null,
  trade_mode text not null,
  direction text not null,
  -- What was said; its cause is looked up when somebody asks.
  saying uuid not null,
  count bigint not null
);
create index refusal_sum_read on refusal_sum (month)
  include (zone, trade_mode, direction, saying, count);

-- Tax bills that stand, by the month of the bill, CNY; a void one is taken out again.
create table tax_sum (
  id bigint generated always as identity primary key,
  month text not null,
  zone text not null,
  trade_mode text not null,
  bills bigint not null,
  duty numeric(24, 5) not null,
  consumption numeric(24, 5) not null,
  vat numeric(24, 5) not null
);
create index tax_sum_read on tax_sum (month)
  include (zone, trade_mode, bills, duty, consumption, vat);

-- What the bills of a list count for there: [{"month", "zone", "mode", "duty", "consumption", "vat"}].
-- Null for bills of before; a rebuild counts them.
alter table tax_variance add column counted jsonb;

-- Day of approval, or as much of it as is known; null: no source gives one.
alter table zone add column approved text;
update zone z set approved = k.approved from (values
  ('CQ-LLGY', '2008-11-12'), ('CQ-XY', '2010-02'), ('CQ-JJ', '2017-01-17'), ('CQ-YC', '2021-07-06'),
  ('CQ-TLG', '2024-04-30')) k (code, approved)
where z.code = k.code;
`,
  },
  {
    version: 34,
    name: 'two_factor',
    breaking: false,
    sql: `-- Two-factor sign-in: the table of better-auth's two-factor plugin, under the names it asks for.
-- Secret and backup codes are encrypted by the account engine.

alter table "user" add column "twoFactorEnabled" boolean default false;

create table "twoFactor" (
  "id" text not null primary key,
  "secret" text not null,
  "backupCodes" text not null,
  "userId" text not null references "user" ("id") on delete cascade,
  "verified" boolean default true,
  "failedVerificationCount" integer default 0,
  "lockedUntil" timestamptz
);
create index "twoFactor_secret_idx" on "twoFactor" ("secret");
create index "twoFactor_userId_idx" on "twoFactor" ("userId");
`,
  },
  {
    version: 35,
    name: 'withheld',
    breaking: false,
    sql: `-- Tax that an order says was collected lies beside its part, so that a list handed in later is held
-- against it without opening the order. Parts of before say nothing: their lists are not warned.
alter table consignment_part add column withheld text;
`,
  },
  {
    version: 36,
    name: 'correction_end',
    breaking: false,
    sql: `-- When a correction was done with all of its documents: until then it is under way, or broke off and
-- goes on when it is applied again. Its maker finds it among his latest.
alter table correction add column finished_at timestamptz;
create index correction_own on correction (enterprise_id, created_at desc, id);
`,
  },
  {
    version: 37,
    name: 'ledger_totals',
    breaking: false,
    sql: `-- Figures as they are asked for: of a year or a month, of all zones or of one, by one thing. A chore
-- makes them of the sums that it puts together, CNY already, so that a question reads as many rows as
-- its answer has, however much was told.
create table ledger_total (
  -- yyyyMM or yyyy: what it counts for, not when that was learnt.
  period text not null,
  -- As in \`ledger_fold\`; '' for all, by direction and mode: 'import 1210'.
  dim text not null,
  scope text not null,
  -- '*' for all zones together.
  zone text not null,
  key text not null,
  -- '' for what is CNY; else what has no rate, with the month that lacks it.
  currency text not null,
  month text not null,
  count bigint not null,
  amount numeric not null,
  primary key (period, dim, scope, zone, key, currency, month)
-- Rows are added to over and over, and stay in their place.
) with (fillfactor = 70);

-- The rates at which they are made. Where these are not the ones in force, the figures of that year are
-- read from the sums, until the chore has made the month anew.
create table ledger_rate (
  month text not null,
  currency text not null,
  rate numeric(20, 10) not null,
  primary key (month, currency)
);
-- A rate that no table has: months of before are to be made.
insert into ledger_rate (month, currency, rate) select distinct month, '', 0 from ledger_fold;
`,
  },
  {
    version: 38,
    name: 'rehearsal',
    breaking: false,
    sql: `-- Rehearsals: a peak replayed against a simulated office, with how far it is and what it found. One
-- that is under way writes down that it lives; silence means that its process is gone.
create table rehearsal (
  id uuid primary key,
  started_at timestamptz not null,
  started_by text,
  times integer not null,
  seconds integer not null,
  planned integer not null,
  state text not null check (state in ('running', 'done', 'failed', 'stopped')),
  beat_at timestamptz not null,
  phase text not null,
  done integer not null default 0,
  ended_at timestamptz,
  problem text,
  report jsonb
);
`,
  },
  {
    version: 39,
    name: 'news',
    breaking: false,
    sql: `-- News of the desks are read from the end of the story. Events are only added, in the order of their
-- numbers, so an index of ranges finds the end of the table and costs the writers nothing to speak of.
create index event_seq on event using brin (seq) with (pages_per_range = 16, autosummarize = on);
`,
  },
  {
    version: 40,
    name: 'active',
    breaking: false,
    sql: `-- Enterprises that were active in a month are counted, thousands of them for a look at all zones: out of
-- an index alone, which holds nothing else.
create index ledger_total_active on ledger_total (period, scope, dim, zone, key) include (count)
  where scope = 'released' and period like '______'
    and dim in ('merchant', 'platform', 'declarant', 'warehouse', 'carrier');
`,
  },
  {
    version: 41,
    name: 'unfinished',
    breaking: false,
    sql: `-- Why a document is not done: it goes on by itself, waits for somebody who acts, or was refused. Desks
-- and interfaces list these first, and find the few of them among all that are done. A column of its
-- own, because it changes once in the life of most documents: an index by state would get a new entry at
-- each step of every one. Made by the database, so that no way in can forget it. What is done follows the
-- catalogue; of a kind that came later it may say "under way" of what is done, never the reverse.
-- Rewrites the table once.
alter table document_state add column unfinished text generated always as (case
  when state in ('blocked', 'undelivered', 'unknown', 'forward-failed', 'held', 'suspended')
    then 'action-needed'
  when state in ('rejected', 'sent-back', 'cancelled') then 'refused'
  -- Lists and returns.
  when state = 'released' and kind in ('CEB213', 'CEB603', 'CEB621', 'CEB625') then null
  when state = 'closed' and kind in ('CEB603', 'CEB621') then null
  -- Orders, payments, waybills and what customs stores of them; then what customs approves.
  when state = 'stored' and kind in ('CEB303', 'CEB311', 'CEB403', 'CEB411', 'CEB505', 'CEB511',
    'CEB513', 'CEB607', 'CEB711') then null
  when state = 'approved' and kind in ('CEB215', 'CEB303', 'CEB311', 'CEB403', 'CEB411', 'CEB505',
    'CEB507', 'CEB509', 'CEB511', 'CEB513', 'CEB605', 'CEB607', 'CEB623', 'CEB625', 'CEB701', 'CEB711')
    then null
  else 'under-way'
end) stored;
create index document_state_unfinished on document_state (sender_id, unfinished, id)
  where unfinished is not null;
create index document_state_unfinished_lane on document_state (lane, unfinished, id)
  where unfinished is not null;

-- The few returns of a sender among all his orders.
create index document_state_kind on document_state (sender_id, kind, id);
`,
  },
  {
    version: 42,
    name: 'active_sign',
    breaking: false,
    sql: `-- Enterprises that were active in a month, out of an index that stays small: with the counts in it, as
-- \`ledger_total_active\` had them, each fold left entries behind and kept the row from being changed in
-- place. Whether a count is above or below zero seldom changes.
alter table ledger_total add column sign smallint not null generated always as
  (case when count > 0 then 1 when count < 0 then -1 else 0 end) stored;
drop index ledger_total_active;
create index ledger_total_active on ledger_total (period, dim, zone, key, sign)
  where scope = 'released' and period like '______' and sign <> 0
    and dim in ('merchant', 'platform', 'declarant', 'warehouse', 'carrier');
`,
  },
  {
    version: 43,
    name: 'released_on',
    breaking: false,
    sql: `-- The day on which customs released a document, yyyyMMdd in China: of the earliest evidence of its version.
-- Taxes fall due and returns are possible for so long from it. Kept with the state, so that the lists of a
-- day are found by it; before, the events of all that were born lately were read.
alter table document_state add column released_on text;
update document_state s set released_on = e.day
from (
  select lane, document_id, version, left(min(return_time), 8) as day from event
  where state in ('released', 'closed') and return_time <> '' group by 1, 2, 3
) e
where s.lane = e.lane and s.id = e.document_id and s.version = e.version;
create index document_state_released on document_state (sender_id, kind, released_on, id)
  where released_on is not null;
`,
  },
  {
    version: 44,
    name: 'measure_edition',
    breaking: false,
    sql: `-- Definitions of what totals measure are loaded as other reference data is, and every state of them is
-- kept: a figure as of a moment is told by the parts and words that were known then.
alter table measure alter column parts type text using array_to_string(parts, ' ');
alter table measure add column valid_to date, add column note text not null default '';
create table measure_edition (
  scope text not null,
  valid_from date not null,
  recorded_at timestamptz not null,
  valid_to date,
  -- Null where it was taken away.
  parts text,
  zh text,
  en text,
  confidence text,
  source text,
  note text,
  primary key (scope, valid_from, recorded_at)
);
create trigger measure_edition_append_only before update or delete on measure_edition
  for each row execute function refuse_change();
insert into measure_edition (scope, valid_from, recorded_at, parts, zh, en, confidence, source, note)
select scope, valid_from, 'epoch', parts, zh, en, confidence, source, note from measure;
`,
  },
  {
    version: 45,
    name: 'settlement_reservations',
    breaking: false,
    sql: `-- What settlement lines take of a list that is declared and not released yet, so that it cannot be
-- settled twice before its release.
alter table settlement_line add column reserved_id uuid,
  add check (reserved_id is null or reason = 'unreleased');
create index settlement_line_reserved on settlement_line (reserved_id) where reserved_id is not null;

-- Rows stand for declared lists as well; \`month\` is that of declaration until they are released.
alter table settled_list add column declared boolean not null default false;

-- Lists of which amounts were compared at a rate, or would be if there were one: looked at again when
-- a rate of their month is entered or changed.
alter table settled_list add column by_rate boolean not null default false;
update settled_list l set by_rate = true
where l.open_amount is null
  or exists (
    select from jsonb_array_elements(l.parts) p where p.value ->> 'currency' <> l.currency
  )
  or exists (
    select from settlement_line i join settlement s on s.lane = i.lane and s.id = i.settlement_id
    where i.list_id = l.list_id and s.currency <> l.currency
  );
create index settled_list_rate on settled_list (month, lane, list_id) where by_rate;

-- What is compared month by month, and list by list of its lines.
create index settled_list_month on settled_list (month) where released;
create index settled_list_id on settled_list (list_id);

-- How far the editions of rates were followed: up to \`rates_at\`; of those up to \`rates_to\`, while it is
-- not null, the lists up to and with this one were walked. What was rated before was looked at by then.
alter table settlement_follow add column rates_at timestamptz not null default 'epoch',
  add column rates_to timestamptz,
  add column rates_month text not null default '',
  add column rates_lane smallint not null default 0,
  add column rates_list uuid not null default '00000000-0000-0000-0000-000000000000';
update settlement_follow set
  rates_at = coalesce((select max(recorded_at) from exchange_rate_edition), 'epoch');

-- Lists that were declared before and are not released: declarations were not followed until now. Where
-- lines wait for one, the chore looks at it once and brings its row in line with the ledger.
insert into settled_list (lane, list_id, released, merchant, direction, zone, trade_mode, month,
  released_on, parts, currency, is_open, look_at)
select k.lane, k.id, false, '', '', '', '', '', current_date, '[]', '', false, now()
from (
  select ('x' || substr(n.id::text, 20, 2))::bit(8)::integer & 63 as lane, n.id
  from (
    select s.id from settlement_line i join document_state s on s.order_no = i.order_no
    where i.reason is not null and i.list_no is null
    union
    select s.id from settlement_line i
    join document_state s on s.number = i.list_no and s.owner = i.agent_code
    where i.reason is not null
    union
    select c.document_id from settlement_line i
    join customs_number c on c.name = 'invtNo' and c.number = i.list_no
    where i.reason is not null and i.agent_code is null
  ) n
) k
where exists (
  select from ledger_entry e
  where e.lane = k.lane and e.subject_id = k.id and e.scope = 'declared'
)
on conflict (lane, list_id) do update set look_at = now()
where not settled_list.released;

-- What is over does not count as settled any more: the definition says so from now on, and figures as
-- of an earlier moment keep the words of then.
with restated as (
  update measure set
    zh = replace(zh, '还原数据不重复计；计入结算',
      '还原数据不重复计；超出清单未结金额的明细在更正前不计，其他未对应清单的明细照计；计入结算'),
    en = replace(en, 'restored gross flows not counted again, in the',
      'restored gross flows not counted again, lines beyond what is left of their list not counted until that is mended, other lines without a list counted, in the')
  where scope = 'settled' and zh like '%还原数据不重复计；计入结算%'
  returning *
)
insert into measure_edition (scope, valid_from, recorded_at, valid_to, parts, zh, en, confidence,
  source, note)
select r.scope, r.valid_from, greatest(now(), s.at + interval '1 microsecond'), r.valid_to, r.parts,
  r.zh, r.en, r.confidence, r.source, r.note
from restated r cross join ledger_seal s;
`,
  },
  {
    version: 46,
    name: 'known_then',
    breaking: false,
    sql: `-- What a report as of a moment needs beside the ledger: names, refusals and taxes as they were known then.

-- Names of enterprises, by each of their codes, and of zones. Kept by trigger, so that no way of renaming
-- goes round it.
create table name_edition (
  -- enterprise, zone
  what text not null,
  code text not null,
  recorded_at timestamptz not null,
  zh text not null,
  en text not null,
  primary key (what, code, recorded_at)
);
create trigger name_edition_append_only before update or delete on name_edition
  for each row execute function refuse_change();
-- When those were entered that are there already is not known.
insert into name_edition (what, code, recorded_at, zh, en)
select 'enterprise', c.code, 'epoch', e.name, e.name
from enterprise e, lateral (values (e.customs_code), (e.credit_code)) c (code) where c.code is not null;
insert into name_edition (what, code, recorded_at, zh, en)
select 'zone', code, 'epoch', zh, en from zone;

-- A moment behind the seal of the ledger: 7301 is the lock that a seal takes alone.
create function behind_seal(at timestamptz) returns timestamptz language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(7301);
  return (select greatest($1, s.at + interval '1 microsecond') from ledger_seal s);
end $$;

create function record_name(what text, code text, at timestamptz, zh text, en text) returns void
language sql as $$
  insert into name_edition (what, code, recorded_at, zh, en)
  select $1, $2, greatest($3, max(n.recorded_at) + interval '1 microsecond'), $4, $5
  from name_edition n where n.what = $1 and n.code = $2
  having $2 is not null
$$;

create function record_enterprise_name() returns trigger language plpgsql as $$
declare
  known_at timestamptz := behind_seal(
    case tg_op when 'INSERT' then new.created_at else clock_timestamp() end);
begin
  perform record_name('enterprise', new.customs_code, known_at, new.name, new.name);
  perform record_name('enterprise', new.credit_code, known_at, new.name, new.name);
  return null;
end $$;
create trigger enterprise_name after insert or update of name, customs_code, credit_code on enterprise
  for each row execute function record_enterprise_name();

-- A zone comes with the program, and is known since ever.
create function record_zone_name() returns trigger language plpgsql as $$
begin
  perform record_name('zone', new.code,
    case tg_op when 'INSERT' then 'epoch' else behind_seal(clock_timestamp()) end, new.zh, new.en);
  return null;
end $$;
create trigger zone_name after insert or update of zh, en on zone
  for each row execute function record_zone_name();

-- What is added to refusal_sum and tax_sum, with the moment at which it was learnt; never changed.
create table zone_entry (
  id bigint generated always as identity primary key,
  recorded_at timestamptz not null,
  -- yyyyMM in China; '' for undecided.
  month text not null,
  zone text not null,
  refusals bigint not null,
  -- CNY.
  taxes numeric(24, 5) not null
);
create index zone_entry_read on zone_entry (month, recorded_at) include (zone, refusals, taxes);
create trigger zone_entry_append_only before update or delete on zone_entry
  for each row execute function refuse_change();

-- Since when: of what was learnt before it is not known when.
create table zone_entry_start (
  one boolean primary key default true check (one),
  at timestamptz not null
);
insert into zone_entry_start (at)
select case when exists (select from refusal_sum) or exists (select from tax_sum)
  then now() else 'epoch' end;
insert into zone_entry (recorded_at, month, zone, refusals, taxes)
select s.at, k.month, k.zone, sum(k.refusals), sum(k.taxes)
from (
  select month, zone, count as refusals, 0 as taxes from refusal_sum
  union all select month, zone, 0, duty + consumption + vat from tax_sum
) k cross join zone_entry_start s group by 1, 2, 3;
`,
  },
  {
    version: 47,
    name: 'billed_lists',
    breaking: false,
    sql: `-- Lists by month and place of their bills: what a figure of taxes opens to. Written with \`counted\` of
-- tax_variance, place by place in the order in which a page is read.
create table billed_list (
  -- yyyyMM in China, of the bill.
  month text not null,
  -- '' for undecided.
  zone text not null,
  trade_mode text not null,
  document_id uuid not null,
  primary key (month, zone, trade_mode, document_id)
);
insert into billed_list (month, zone, trade_mode, document_id)
select distinct c.month, c.zone, c.mode, v.document_id
from tax_variance v
cross join lateral jsonb_to_recordset(v.counted) c (month text, zone text, mode text);
`,
  },
  {
    version: 48,
    name: 'events',
    breaking: false,
    sql: `-- Events as those are told who follow them: in the order of their numbers, none left out.

-- How far the story is settled. An event's number is given out before the event can be seen, so a reader
-- who goes by numbers would pass over what is committed behind him.
create table event_feed (
  is_one boolean primary key default true check (is_one),
  -- No event with a number up to here is still to come.
  sealed bigint not null default 0,
  -- Numbers given out when it was looked last, and who was writing then: sealed when all of them are done.
  given bigint not null default 0,
  writers text[] not null default '{}',
  -- Entered in \`event_page\` up to here.
  paged bigint not null default 0,
  -- Pages up to here are forgotten.
  forgotten bigint not null default 0,
  -- When somebody last pulled, to the hour: without followers no pages are made.
  pulled_at timestamptz
);
-- What was written before anybody could follow is told to nobody.
insert into event_feed (sealed, given, paged, forgotten)
select s.last, s.last, s.last, s.last from (
  select case when is_called then last_value else 0 end as last from event_seq_seq
) s;

-- Contents of the story: events of a sender in a stretch of numbers, each with its document. Made behind
-- the writers, who pay nothing for it.
create table event_page (
  sender_id text not null,
  -- Number of its last event.
  upto bigint not null,
  -- In order, and the document of each.
  seqs bigint[] not null,
  ids uuid[] not null,
  -- Of its last event.
  at timestamptz not null,
  primary key (sender_id, upto)
);
create index event_page_at on event_page (at);

-- Seals what is settled; locks the row until the transaction ends. No row when somebody else is at it.
-- Whoever writes events has locked the table from before their numbers are given out until after they can
-- be seen, so that reading the numbers first and the locks then misses nobody.
create function seal_events(out sealed bigint, out paged bigint) returns setof record
language plpgsql as $$
declare
  feed event_feed;
  given_now bigint;
begin
  select * into feed from event_feed for update skip locked;
  if not found then
    return;
  end if;
  if feed.sealed < feed.given and not feed.writers && event_writers() then
    feed.sealed := feed.given;
    feed.writers := '{}';
  end if;
  select case when is_called then last_value else 0 end into given_now from event_seq_seq;
  if feed.sealed = feed.given and given_now > feed.given then
    feed.given := given_now;
    feed.writers := event_writers();
    if feed.writers = '{}' then
      feed.sealed := feed.given;
    end if;
  end if;
  update event_feed f set sealed = feed.sealed, given = feed.given, writers = feed.writers
  where (f.sealed, f.given) <> (feed.sealed, feed.given);
  sealed := feed.sealed;
  paged := feed.paged;
  return next;
end $$;

-- A number between the two up to which all events are from before then, looked for by halves: of each half
-- the last stretch of numbers is read. Events nearly follow the clock, and a stretch without any counts as new.
create function old_events(low bigint, high bigint, stretch bigint, since timestamptz)
returns bigint language plpgsql stable as $$
declare
  middle bigint;
  latest timestamptz;
begin
  while high - low > stretch loop
    middle := (low + high) / 2;
    select max(e.at) into latest from event e where e.seq > middle - stretch and e.seq <= middle;
    if latest < since then
      low := middle;
    else
      high := middle;
    end if;
  end loop;
  return low;
end $$;

-- Transactions that write events at this moment.
create function event_writers() returns text[] language sql volatile as $$
  select coalesce(array_agg(l.virtualtransaction), '{}') from pg_locks l
  where l.locktype = 'relation' and l.relation = 'event'::regclass and l.granted
    and l.database = (select d.oid from pg_database d where d.datname = current_database())
    and l.mode = 'RowExclusiveLock'
$$;

-- Where an enterprise has events pushed to, and how far its receiver has taken them.
create table webhook (
  id uuid primary key,
  enterprise_id text not null references enterprise (id),
  url text not null,
  description text not null,
  -- Null for all.
  kinds text[],
  groups text[],
  sealed_secret bytea not null,
  -- Signs beside the new one until then.
  sealed_old_secret bytea,
  old_secret_until timestamptz,
  state text not null default 'active' check (state in ('active', 'paused', 'disabled')),
  -- Why it is disabled.
  problem text,
  -- Its receiver has taken everything up to here.
  taken bigint not null,
  -- A try that came to no end speaks of events up to here, and so does the next: the same bytes.
  pledged bigint,
  -- When it may be tried; while somebody is at it, when his lease ends.
  due_at timestamptz not null,
  attempts integer not null default 0,
  failing_since timestamptz,
  created_at timestamptz not null
);
create index webhook_enterprise on webhook (enterprise_id, id);
create index webhook_due on webhook (due_at) where state = 'active';

-- The last tries of each.
create table webhook_try (
  webhook_id uuid not null references webhook (id) on delete cascade,
  id bigint generated always as identity,
  message_id text not null,
  type text not null,
  events integer not null,
  at timestamptz not null,
  ms integer not null,
  -- Of HTTP; null where no answer came, and \`reason\` says why.
  status integer,
  reason text,
  primary key (webhook_id, id)
);
`,
  },
  {
    version: 49,
    name: 'clients_and_accounts',
    breaking: false,
    sql: `-- Whose business a document is, for those who hand in for many: the code of the merchant that it names,
-- else of its sender. Kept with the state, so that desks count and list by client along one index
-- (sender, client, why it is not done, birth), which an entry joins at birth and when the document is done.
alter table document_state add column client text not null default '';
update document_state s
set client = coalesce(nullif(h.merchant, ''), e.customs_code, e.credit_code, '')
from document d
  cross join lateral (
    -- The head is the one member that is no list of lines; some kinds have no groups.
    select coalesce(d.payload ->> 'ebcCode', (
      select value ->> 'ebcCode' from json_each(d.payload) where json_typeof(value) = 'object' limit 1
    )) as merchant
  ) h, enterprise e
where d.lane = s.lane and d.id = s.id and d.version = s.version and e.id = s.sender_id;
create index document_state_client on document_state (sender_id, client, unfinished, id);

alter table rejection add column client text not null default '';
update rejection r set client = s.client
from document_state s where s.lane = r.lane and s.id = r.document_id;
create index rejection_client on rejection (sender_id, client, document_id);

alter table open_stage add column client text not null default '';
update open_stage o set client = s.client
from document_state s where s.lane = o.lane and s.id = o.document_id;
create index open_stage_client on open_stage (sender_id, client, since, document_id);

-- DXP accounts that an enterprise had before: replies to what was sent under one still come to it. Who
-- changed it, and when, is in the log of accesses.
alter table enterprise add column former_dxp_ids text[] not null default '{}';
`,
  },
  {
    version: 50,
    name: 'access_log',
    breaking: false,
    sql: `-- The log of accesses also tells what was done to accounts, keys, mandates and reference data, and who opened messages,
-- documents and reports: one column names what it was done to, another the API key that did it. Which deeds there are is
-- said where they are written.
alter table access_log disable trigger access_log_append_only;
alter table access_log add column subject text not null default '';
update access_log set subject = coalesce(reply_id, payment_id)::text where coalesce(reply_id, payment_id) is not null;
alter table access_log alter column subject drop default;
alter table access_log add column key_id text;
alter table access_log drop column reply_id, drop column payment_id;
alter table access_log drop constraint access_log_what_check;
alter table access_log enable trigger access_log_append_only;
create index access_log_what on access_log (what, id);
create index access_log_user on access_log (user_id, id) where user_id is not null;
create index access_log_key on access_log (key_id, id) where key_id is not null;
`,
  },
  {
    version: 51,
    name: 'settlements_then',
    breaking: false,
    sql: `-- What settlements and their lists stood at as of a moment: to which list a line was matched, and what of
-- a list was open, as they were recorded. Records themselves are kept in settlement_version. What stands
-- already is recorded at the beginning of time: indexes come after it, and the ledger is held at the end.

-- What a line of a version was matched to, or why to nothing; never changed. The last row counts.
create table settlement_line_edition (
  seq bigint generated always as identity primary key,
  lane smallint not null,
  settlement_id uuid not null,
  version integer not null,
  position smallint not null,
  recorded_at timestamptz not null,
  list_id uuid,
  reserved_id uuid,
  reason text
);
insert into settlement_line_edition (lane, settlement_id, version, position, recorded_at, list_id,
  reserved_id, reason)
select i.lane, i.settlement_id, s.version, i.position, 'epoch', i.list_id, i.reserved_id, i.reason
from settlement_line i join settlement s on s.lane = i.lane and s.id = i.settlement_id;
create index settlement_line_edition_line on settlement_line_edition
  (lane, settlement_id, version, position, seq);
create index settlement_line_edition_recorded on settlement_line_edition using brin (recorded_at);
create trigger settlement_line_edition_append_only before update or delete on settlement_line_edition
  for each row execute function refuse_change();

-- What of a list was open; of a list that never was there is nothing. The last row counts.
create table settled_list_edition (
  seq bigint generated always as identity primary key,
  lane smallint not null,
  list_id uuid not null,
  recorded_at timestamptz not null,
  merchant text not null,
  direction text not null,
  zone text not null,
  released_on date not null,
  currency text not null,
  open_amount numeric(30, 5),
  is_open boolean not null,
  -- When the edition was recorded whose place it takes; null where that was not open, or there is none.
  open_since timestamptz
);
insert into settled_list_edition (lane, list_id, recorded_at, merchant, direction, zone, released_on,
  currency, open_amount, is_open)
select lane, list_id, 'epoch', merchant, direction, zone, released_on, currency, open_amount, true
from settled_list where is_open;
create index settled_list_edition_list on settled_list_edition (lane, list_id, seq);
create index settled_list_edition_recorded on settled_list_edition using brin (recorded_at);
create trigger settled_list_edition_append_only before update or delete on settled_list_edition
  for each row execute function refuse_change();

-- Records as of a moment are found by the month of their value date, as every version tells it, and by
-- what was recorded since.
create index settlement_version_month on settlement_version
  ((left(record -> 'SettlementHead' ->> 'valueDate', 6))) where record is not null;
create index settlement_version_at on settlement_version using brin (at);

-- Since when: how lines were matched, and what was open, before it is not known.
create table settlement_edition_start (
  one boolean primary key default true check (one),
  at timestamptz not null
);
insert into settlement_edition_start (at)
select case when exists (select from settlement) or exists (select from settled_list)
  then behind_seal(clock_timestamp()) else 'epoch' end;
`,
  },
  {
    version: 52,
    name: 'settlement_sums',
    breaking: false,
    sql: `-- Sums of settlements that the transaction of every change adds rows to, and nobody rewrites: no writer waits
-- for another. A chore puts those of one key together (\`folded\`), one row a key. What stands already is
-- counted once; nothing is settled meanwhile.

lock table settlement, settlement_line, settled_list, settled_list_edition in share mode;

-- What a record was last counted as, so that its next change takes that off again. Amounts are signed:
-- those of refunds are below zero, of what was withdrawn or is restored all but \`open_…\` are nothing.
create table settlement_counted (
  lane smallint not null,
  settlement_id uuid not null,
  -- yyyyMM
  month text not null,
  value_date date not null,
  institution_id text not null,
  seller text not null,
  direction text not null,
  currency text not null,
  -- Actual records and refunds: 1 or 0.
  count smallint not null,
  refunds smallint not null,
  gross numeric(20, 2) not null,
  costs numeric(20, 2) not null,
  net numeric(20, 2) not null,
  lines numeric(20, 2) not null,
  matched numeric(20, 2) not null,
  over numeric(20, 2) not null,
  -- CNY, and without what is over.
  rmb numeric(20, 2) not null,
  counted numeric(20, 2) not null,
  -- Lines without a list, and those of them that lack a rate.
  open_lines integer not null,
  open_amount numeric(20, 2) not null,
  open_gaps integer not null,
  primary key (lane, settlement_id)
);
insert into settlement_counted (lane, settlement_id, month, value_date, institution_id, seller, direction,
  currency, count, refunds, gross, costs, net, lines, matched, over, rmb, counted, open_lines, open_amount,
  open_gaps)
select s.lane, s.id, s.month, s.value_date, s.institution_id, s.seller, s.direction, s.currency,
  (k.sign > 0)::integer, (k.sign < 0)::integer, k.sign * s.gross, k.sign * s.costs, k.sign * s.net,
  k.sign * l.lines, k.sign * l.matched, k.sign * l.over, k.sign * s.rmb,
  k.sign * (s.rmb - coalesce(div(s.rmb * 100 * l.over, nullif(l.lines, 0)), 0) / 100),
  l.open_lines, case when s.nature = '3' then -l.open_amount else l.open_amount end, l.open_gaps
from settlement s
left join (
  select i.lane, i.settlement_id, sum(i.amount) as lines,
    coalesce(sum(i.amount) filter (where i.list_id is not null), 0) as matched,
    coalesce(sum(i.amount) filter (where i.reason = 'over'), 0) as over,
    count(*) filter (where i.reason is not null) as open_lines,
    coalesce(sum(i.amount) filter (where i.reason is not null), 0) as open_amount,
    count(*) filter (where i.reason = 'rate') as open_gaps
  from settlement_line i group by 1, 2
) x on x.lane = s.lane and x.settlement_id = s.id
cross join lateral (
  select coalesce(x.lines, 0) as lines, coalesce(x.matched, 0) as matched, coalesce(x.over, 0) as over,
    coalesce(x.open_lines, 0) as open_lines, coalesce(x.open_amount, 0) as open_amount,
    coalesce(x.open_gaps, 0) as open_gaps
) l
cross join lateral (
  select case when s.state <> 'in-force' or s.nature = '2' then 0 when s.nature = '3' then -1 else 1 end as sign
) k;
create index settlement_counted_month on settlement_counted (month);

-- What counts, by institution.
create table settlement_sum (
  id bigint generated always as identity primary key,
  month text not null,
  institution_id text not null,
  direction text not null,
  currency text not null,
  count bigint not null,
  refunds bigint not null,
  gross numeric(30, 2) not null,
  costs numeric(30, 2) not null,
  net numeric(30, 2) not null,
  lines numeric(30, 2) not null,
  matched numeric(30, 2) not null,
  over numeric(30, 2) not null,
  rmb numeric(30, 2) not null,
  counted numeric(30, 2) not null,
  folded boolean not null default false
);
insert into settlement_sum (month, institution_id, direction, currency, count, refunds, gross, costs, net,
  lines, matched, over, rmb, counted, folded)
select month, institution_id, direction, currency, sum(count), sum(refunds), sum(gross), sum(costs), sum(net),
  sum(lines), sum(matched), sum(over), sum(rmb), sum(counted), true
from settlement_counted where count + refunds > 0 group by 1, 2, 3, 4;
create unique index settlement_sum_folded on settlement_sum (month, institution_id, direction, currency)
  where folded;
create index settlement_sum_new on settlement_sum (id) where not folded;
create index settlement_sum_month on settlement_sum (month);

-- The same by seller, under the code that was given. \`records\`: actual ones and refunds.
create table settlement_seller_sum (
  id bigint generated always as identity primary key,
  month text not null,
  seller text not null,
  direction text not null,
  currency text not null,
  records bigint not null,
  gross numeric(30, 2) not null,
  net numeric(30, 2) not null,
  folded boolean not null default false
);
insert into settlement_seller_sum (month, seller, direction, currency, records, gross, net, folded)
select month, seller, direction, currency, sum(count + refunds), sum(gross), sum(net), true
from settlement_counted where count + refunds > 0 group by 1, 2, 3, 4;
create unique index settlement_seller_sum_folded on settlement_seller_sum (month, seller, direction, currency)
  where folded;
create index settlement_seller_sum_new on settlement_seller_sum (id) where not folded;
create index settlement_seller_sum_month on settlement_seller_sum (month)
  include (seller, direction, currency, records, gross, net);

-- What is open: lists by the day of their release, lines by the value date of their records. A list was last
-- counted as its last edition says.
create table settlement_open_sum (
  id bigint generated always as identity primary key,
  -- lists, lines
  what text not null,
  day date not null,
  -- Of lists import or export, of lines that of their records.
  direction text not null,
  currency text not null,
  count bigint not null,
  amount numeric(30, 5) not null,
  -- Those that lack a rate.
  gaps bigint not null,
  folded boolean not null default false
);
insert into settlement_open_sum (what, day, direction, currency, count, amount, gaps, folded)
select 'lines', value_date, direction, currency, sum(open_lines), sum(open_amount), sum(open_gaps), true
from settlement_counted where open_lines > 0 group by 2, 3, 4
union all
select 'lists', e.released_on, e.direction, e.currency, count(*), coalesce(sum(e.open_amount), 0),
  count(*) filter (where e.open_amount is null), true
from (
  select distinct on (lane, list_id) is_open, released_on, direction, currency, open_amount
  from settled_list_edition order by lane, list_id, seq desc
) e
where e.is_open group by 2, 3, 4;
create unique index settlement_open_sum_folded on settlement_open_sum (what, day, direction, currency)
  where folded;
create index settlement_open_sum_new on settlement_open_sum (id) where not folded;
create index settlement_open_sum_day on settlement_open_sum (day);

-- Open lines page by page, in the order of their records.
create index settlement_line_open on settlement_line (settlement_id, position) where reason is not null;
`,
  },
  {
    version: 53,
    name: 'settlement_ties',
    breaking: false,
    sql: `-- The three-way check of settlements: made by a chore month by month and kept, since it goes through every
-- list that was released and every line that was settled.
create table settlement_tie (
  -- yyyyMM: of the value date of records, and of the release of lists
  month text primary key,
  made_at timestamptz not null,
  -- [{"leg": "open", "trade": "export", "currency": "142", "left": "12.5", "right": "12.5"}]
  legs jsonb not null,
  -- Lists that are about to be looked at again, or lack a rate.
  pending integer not null
);

-- How many lists of a seller were released in some months.
create index settled_list_merchant on settled_list (merchant, month) where released;

-- Months of which something changed: rows that are only added, so that no writer waits for another, and
-- taken away by whoever compares the month from then on.
create table settlement_touch (month text not null);
create index settlement_touch_month on settlement_touch (month);

-- Said by the tables themselves: a list or a record that leaves a month knows it by then no more.
create function touch_settlement_lines() returns trigger language plpgsql as $$
begin
  insert into settlement_touch (month)
  select distinct s.month from (select distinct t.lane, t.settlement_id from touched t) t
  join settlement s on s.lane = t.lane and s.id = t.settlement_id;
  return null;
end $$;
create trigger settlement_line_inserted after insert on settlement_line
  referencing new table as touched for each statement execute function touch_settlement_lines();
create trigger settlement_line_updated after update on settlement_line
  referencing new table as touched for each statement execute function touch_settlement_lines();
create trigger settlement_line_deleted after delete on settlement_line
  referencing old table as touched for each statement execute function touch_settlement_lines();

-- A record comes with lines, which say so; who only locks it changes nothing.
create function touch_settlements() returns trigger language plpgsql as $$
begin
  insert into settlement_touch (month)
  select distinct m.month from before b join after a on a.lane = b.lane and a.id = b.id
  cross join lateral (values (b.month), (a.month)) m (month)
  where b.* is distinct from a.*;
  return null;
end $$;
create trigger settlement_updated after update on settlement
  referencing old table as before new table as after
  for each statement execute function touch_settlements();

create function touch_settled_lists() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into settlement_touch (month) select distinct a.month from after a where a.released;
  else
    insert into settlement_touch (month)
    select distinct m.month from before b join after a on a.lane = b.lane and a.list_id = b.list_id
    cross join lateral (values (b.released, b.month), (a.released, a.month)) m (released, month)
    where m.released and b.* is distinct from a.*;
  end if;
  return null;
end $$;
create trigger settled_list_inserted after insert on settled_list
  referencing new table as after for each statement execute function touch_settled_lists();
create trigger settled_list_updated after update on settled_list
  referencing old table as before new table as after
  for each statement execute function touch_settled_lists();

-- None of them was compared yet.
insert into settlement_touch (month)
select month from settled_list where released union select month from settlement;
`,
  },
]
