-- Lots and what happened to them. The history is a row of events shaped as EPCIS 2.0: it grows, it never changes.
create schema origin;

create table origin.input (
  code text constraint input_pk primary key,
  name text not null,
  kind text not null constraint input_kind check (kind in ('pesticide', 'fertiliser')),
  active_ingredient text not null default '',
  input_group text not null default '',
  target text not null default '',
  crops text not null default '',
  dose_unit text not null default '',
  interval_days_default int,
  forbidden boolean not null,
  rule text not null default '',
  source text not null default ''
);

create table origin.lot (
  id bigint generated always as identity constraint lot_pk primary key,
  code text not null constraint lot_code_key unique constraint lot_code_format check (code ~ '^[A-Z0-9-]{1,20}$'),
  producer_id bigint not null constraint lot_producer_fk references producers.producer,
  product_id bigint not null constraint lot_product_fk references producers.product,
  growing_area_id uuid constraint lot_growing_area_fk references producers.growing_area,
  growing_area_code text,
  growing_area_status text,
  commune_code text not null constraint lot_commune_fk references foundation.commune,
  harvested_on date,
  harvest_until date,
  packed_on date,
  best_before date,
  base_unit text not null constraint lot_base_unit check (base_unit in ('g', 'piece')),
  quantity_base bigint not null constraint lot_quantity check (quantity_base > 0),
  created_at timestamptz not null,
  created_by bigint constraint lot_creator_fk references accounts.person,
  constraint lot_harvest_order check (harvest_until is null or harvest_until >= harvested_on),
  constraint lot_best_before_order check (best_before is null or harvested_on is null or best_before >= harvested_on)
);
create index lot_producer on origin.lot (producer_id, id desc);
create index lot_product on origin.lot (product_id, id);

-- EPCIS 2.0 (GS1, June 2022): what, when, where, why, who. vouched_by says whose word it is.
create table origin.event (
  id uuid constraint event_pk primary key,
  lot_id bigint not null constraint event_lot_fk references origin.lot,
  producer_id bigint not null constraint event_producer_fk references producers.producer,
  event_type text not null constraint event_type_word check (event_type in ('ObjectEvent', 'AggregationEvent', 'TransactionEvent', 'TransformationEvent', 'AssociationEvent')),
  action text constraint event_action check (action in ('ADD', 'OBSERVE', 'DELETE')),
  event_time timestamptz not null,
  event_offset text not null default '+07:00' constraint event_offset_format check (event_offset ~ '^[+-]\d{2}:\d{2}$'),
  recorded_at timestamptz not null,
  biz_step text not null,
  disposition text,
  read_point text,
  biz_location text,
  quantity_base bigint,
  document jsonb not null,
  event_hash text not null,
  vouched_by text not null constraint event_vouched_by check (vouched_by in ('producer', 'officer', 'system')),
  person_id bigint constraint event_person_fk references accounts.person,
  corrects_id uuid constraint event_corrects_fk references origin.event,
  correction_reason text,
  constraint event_correction_reason check ((corrects_id is null) = (correction_reason is null))
);
create index event_lot on origin.event (lot_id, event_time, id);
create unique index event_corrected_once on origin.event (corrects_id) where corrects_id is not null;
create trigger event_append_only before update or delete or truncate on origin.event
  execute function foundation.refuse_change();

-- A diary entry is an event of a farm; these are the fields that the paper diary of VietGAP has beside it.
create table origin.diary_entry (
  event_id uuid constraint diary_entry_pk primary key constraint diary_entry_event_fk references origin.event,
  lot_id bigint not null constraint diary_entry_lot_fk references origin.lot,
  growing_area_id uuid constraint diary_entry_growing_area_fk references producers.growing_area,
  kind text not null constraint diary_entry_kind check (kind in ('planting', 'soil_water_test', 'fertilising', 'spraying', 'irrigation', 'care', 'harvest', 'handling', 'packing', 'storage', 'shipping', 'waste', 'training', 'inspection')),
  done_on date not null,
  input_code text constraint diary_entry_input_fk references origin.input,
  input_name text,
  active_ingredient text,
  target text,
  amount numeric(12, 3) constraint diary_entry_amount check (amount > 0),
  amount_unit text,
  interval_days int constraint diary_entry_interval check (interval_days between 0 and 365),
  interval_source text constraint diary_entry_interval_source check (interval_source in ('label', 'reference')),
  worker text,
  weather text,
  note text not null default '' constraint diary_entry_note_length check (char_length(note) <= 2000),
  picture_ids uuid[] not null default '{}',
  constraint diary_entry_interval_sourced check (interval_days is null or interval_source is not null)
);
create index diary_entry_lot on origin.diary_entry (lot_id, done_on, event_id);
create trigger diary_entry_append_only before update or delete or truncate on origin.diary_entry
  execute function foundation.refuse_change();

create table origin.recall (
  id bigint generated always as identity constraint recall_pk primary key,
  number text not null constraint recall_number_key unique,
  reason text not null constraint recall_reason_length check (char_length(reason) between 10 and 2000),
  advice text not null default '',
  opened_at timestamptz not null,
  opened_by bigint constraint recall_opener_fk references accounts.person,
  closed_at timestamptz,
  closed_by bigint constraint recall_closer_fk references accounts.person,
  closing_note text
);

create table origin.recall_lot (
  recall_id bigint not null constraint recall_lot_recall_fk references origin.recall,
  lot_id bigint not null constraint recall_lot_lot_fk references origin.lot,
  constraint recall_lot_pk primary key (recall_id, lot_id)
);
create index recall_lot_lot on origin.recall_lot (lot_id);

-- A lot with an open block is not sold. Whoever blocks or sells locks the lot's row first.
create table origin.lot_block (
  id bigint generated always as identity constraint lot_block_pk primary key,
  lot_id bigint not null constraint lot_block_lot_fk references origin.lot,
  cause text not null constraint lot_block_cause check (cause in ('interval', 'recall', 'officer')),
  event_id uuid constraint lot_block_event_fk references origin.event,
  recall_id bigint constraint lot_block_recall_fk references origin.recall,
  note text not null,
  blocked_at timestamptz not null,
  lifted_at timestamptz,
  lifted_by bigint constraint lot_block_lifter_fk references accounts.person,
  lift_reason text,
  constraint lot_block_lift check ((lifted_at is null) = (lift_reason is null))
);
create index lot_block_open on origin.lot_block (lot_id) where lifted_at is null;
create unique index lot_block_once on origin.lot_block (lot_id, cause, coalesce(event_id, '00000000-0000-0000-0000-000000000000'::uuid), coalesce(recall_id, 0));

-- What Catalog offers from a lot, handed down so that the trace page and a bare GTIN can lead to it.
create table origin.lot_offer (
  lot_id bigint constraint lot_offer_pk primary key constraint lot_offer_lot_fk references origin.lot,
  listing_slug text not null,
  price_vnd bigint not null,
  unit_label text not null,
  available_units bigint not null
);

-- What the Department last approved of a product, handed down by Catalog: the trace page shows nothing else of it.
create table origin.approved_product (
  product_id bigint constraint approved_product_pk primary key constraint approved_product_product_fk references producers.product,
  title text not null,
  title_en text not null,
  speciality_slug text constraint approved_product_speciality_fk references producers.speciality,
  gtin text,
  picture_id uuid,
  certificate_ids uuid[] not null,
  approved_at timestamptz not null,
  listing_slug text not null
);
create index approved_product_gtin on origin.approved_product (gtin) where gtin is not null;

create table origin.scan_day (
  lot_id bigint not null constraint scan_day_lot_fk references origin.lot,
  day date not null,
  scans bigint not null,
  first_at timestamptz not null,
  constraint scan_day_pk primary key (lot_id, day)
);

create table origin.unknown_code_report (
  id bigint generated always as identity constraint unknown_code_report_pk primary key,
  code text not null,
  note text not null default '' constraint unknown_code_report_note_length check (char_length(note) <= 1000),
  contact text not null default '' constraint unknown_code_report_contact_length check (char_length(contact) <= 120),
  reported_at timestamptz not null,
  handled_at timestamptz,
  handled_by bigint constraint unknown_code_report_handler_fk references accounts.person
);
