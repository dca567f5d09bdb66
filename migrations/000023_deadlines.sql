-- Documents that ask customs for something, by kind and birth: for what falls due because of them.
create index act_target_birth on act_target (kind, document_id);
