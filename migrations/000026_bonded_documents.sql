-- What one document changed in bonded books.
create index bonded_movement_document on bonded_movement (lane, ems_no, document_id)
  where document_id is not null;
