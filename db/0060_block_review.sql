-- A seller asks, once for each block, that an officer looks at it again: after a correction, with a paper, with a result of a test.
alter table origin.lot_block
  add column asked_at timestamptz,
  add column ask_note text not null default '' constraint lot_block_ask_note_length check (char_length(ask_note) <= 500),
  add constraint lot_block_ask check (asked_at is not null or ask_note = '');
