-- The page of a lot asks for its harvests and sprayings, whatever else stands in its diary.
create index diary_entry_harvest_spraying on origin.diary_entry (lot_id, done_on) where kind in ('harvest', 'spraying');
