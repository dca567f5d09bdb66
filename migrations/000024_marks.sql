-- Whether documents of a consignment agree is told without opening any of them.

-- `marks`: short hashes of what is compared, each at the place of what it is compared with; null
-- where a document says nothing, and as a whole for parts stored before there were marks. `doubts`:
-- rules that a document breaks by itself.
alter table consignment_part add column marks bigint[], add column doubts text[];

-- A list that waits now ranks below one that its rules hold back (`blocked`).
update document_state set rank = 0 where state = 'waiting' and rank = 1;
