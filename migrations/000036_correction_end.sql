-- When a correction was done with all of its documents: until then it is under way, or broke off and
-- goes on when it is applied again. Its maker finds it among his latest.
alter table correction add column finished_at timestamptz;
create index correction_own on correction (enterprise_id, created_at desc, id);
