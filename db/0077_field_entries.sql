-- Entries written in the field come later than they were written, their text before their photos.
alter table origin.diary_entry drop constraint diary_entry_interval_source;
alter table origin.diary_entry
  add column written_at timestamptz,
  add column sent_hash text,
  -- 'said': typed without a photo of the label; it keeps nothing clear.
  add constraint diary_entry_interval_source check (interval_source in ('label', 'said', 'reference'));

-- An officer's lift covers what was blocked as it stood: the same cause may block again with other facts.
drop index origin.lot_block_once;
create unique index lot_block_once on origin.lot_block (lot_id, cause, coalesce(event_id, '00000000-0000-0000-0000-000000000000'::uuid), coalesce(recall_id, 0)) where lifted_at is null;
create index lot_block_event on origin.lot_block (event_id) where event_id is not null;
