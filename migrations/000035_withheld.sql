-- Tax that an order says was collected lies beside its part, so that a list handed in later is held
-- against it without opening the order. Parts of before say nothing: their lists are not warned.
alter table consignment_part add column withheld text;
