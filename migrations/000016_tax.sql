-- What taxes of retail imports follow from: rates by commodity code, and customs' exchange rates.

-- Rates: editable, dated, each with its source and how sure it is. Of the codes that begin a commodity
-- code the longest decides, of its rows in force the newest, of those the highest value reached.
-- Rates are fractions; `per_unit` is CNY for one `unit`. A null duty is not known.
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

-- CNY for one unit of a currency, as customs uses it for a whole month (`yyyy-MM`). Empty until
-- somebody enters what was announced: a month without a row has no rate.
create table exchange_rate (
  currency text not null,
  month text not null,
  rate numeric not null check (rate > 0),
  announced_on date not null,
  source text not null,
  primary key (currency, month)
);
