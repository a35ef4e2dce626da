-- Codes of single packages, made in series for a lot: each unguessable (13 random characters and a check character), each with how often it was scanned.
create table origin.item_series (
  id bigint generated always as identity constraint item_series_pk primary key,
  key uuid not null constraint item_series_key_key unique,
  lot_id bigint not null constraint item_series_lot_fk references origin.lot,
  producer_id bigint not null constraint item_series_producer_fk references producers.producer,
  items int not null constraint item_series_items check (items between 1 and 10000),
  net_weight_g bigint constraint item_series_net_weight check (net_weight_g > 0),
  note text not null default '' constraint item_series_note_length check (char_length(note) <= 120),
  made_at timestamptz,
  created_at timestamptz not null,
  created_by bigint constraint item_series_creator_fk references accounts.person
);
create index item_series_lot on origin.item_series (lot_id, id desc);

-- Each scan counts in the row: room for it in the block.
create table origin.item (
  id bigint generated always as identity constraint item_pk primary key,
  code text collate "C" not null constraint item_code_key unique constraint item_code_format check (code ~ '^[0-9A-HJKMNP-TV-Z]{14}$'),
  series_id bigint not null constraint item_series_fk references origin.item_series,
  place int not null constraint item_place check (place between 1 and 10000),
  lot_id bigint not null constraint item_lot_fk references origin.lot,
  producer_id bigint not null constraint item_producer_fk references producers.producer,
  scans bigint not null default 0,
  first_scanned_at timestamptz,
  last_scanned_at timestamptz,
  constraint item_place_key unique (series_id, place)
) with (fillfactor = 80);
