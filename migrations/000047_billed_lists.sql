-- Lists by month and place of their bills: what a figure of taxes opens to. Written with `counted` of
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
