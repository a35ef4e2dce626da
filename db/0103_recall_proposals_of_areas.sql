-- A sample may be of a growing area or of a whole producer: then the officer says which of the lots are recalled.
alter table supervision.recall_proposal alter column lot_id drop not null,
  add column growing_area_id uuid constraint recall_proposal_area_fk references producers.growing_area,
  add column producer_id bigint constraint recall_proposal_producer_fk references producers.producer,
  add constraint recall_proposal_subject check (num_nonnulls(lot_id, growing_area_id, producer_id) = 1);
create unique index recall_proposal_open_area on supervision.recall_proposal (growing_area_id) where decided_at is null;
create unique index recall_proposal_open_producer on supervision.recall_proposal (producer_id) where decided_at is null;
