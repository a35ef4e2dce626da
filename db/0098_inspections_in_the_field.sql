-- Inspections that a device kept without signal come later than they were written, perhaps twice, their text before their photos.
alter table supervision.inspection
  add column sent_id uuid constraint inspection_sent_once unique,
  add column sent_hash text,
  add column written_at timestamptz,
  add constraint inspection_sent check ((sent_id is null) = (sent_hash is null) and (sent_id is null or recorded_at is not null));
