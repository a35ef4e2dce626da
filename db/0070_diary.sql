-- The diary as the paper book of VietGAP has it: measures in the units of the village with their value in base units,
-- the label that an interval was read from, what was bought, and the side columns of each kind.
alter table origin.diary_entry drop constraint diary_entry_kind;
alter table origin.diary_entry add constraint diary_entry_kind check (kind in
  ('planting', 'soil_water_test', 'purchase', 'fertilising', 'spraying', 'irrigation', 'care', 'harvest', 'handling', 'packing', 'storage', 'shipping', 'waste', 'training', 'inspection'));
alter table origin.diary_entry
  add column amount_base numeric(18, 6) constraint diary_entry_amount_base check (amount_base > 0),
  add column amount_base_unit text,
  add column area text,
  add column area_m2 numeric(14, 2) constraint diary_entry_area check (area_m2 > 0),
  add column volume text,
  add column volume_ml numeric(16, 2) constraint diary_entry_volume check (volume_ml > 0),
  add column quantity text,
  add column quantity_g numeric(16, 2) constraint diary_entry_quantity check (quantity_g > 0),
  add column label_picture_id uuid,
  add column label_source text,
  add column details jsonb not null default '{}' constraint diary_entry_details check (jsonb_typeof(details) = 'object' and char_length(details::text) <= 4000),
  add constraint diary_entry_amount_sized check ((amount_base is null) = (amount_base_unit is null)),
  add constraint diary_entry_measures check ((area is null) = (area_m2 is null) and (volume is null) = (volume_ml is null) and (quantity is null) = (quantity_g is null));

-- The interval rule asks for the sprayings of a growing area, and for its lots.
create index diary_entry_sprayed on origin.diary_entry (growing_area_id, done_on) where kind = 'spraying';
create index lot_growing_area on origin.lot (growing_area_id) where growing_area_id is not null;

-- What is usually done for a crop: fills the form, a person completes it.
create table origin.diary_template (
  code text constraint diary_template_pk primary key,
  category_slug text not null constraint diary_template_category_fk references producers.category,
  kind text not null,
  title text not null,
  title_en text not null,
  amount_unit text not null default '',
  method text not null default '',
  sort int not null
);

-- Who of the household may read a lot's diary by a link, without an account; the link carries the row's number, sealed.
create table origin.diary_link (
  id bigint generated always as identity constraint diary_link_pk primary key,
  lot_id bigint not null constraint diary_link_lot_fk references origin.lot,
  name text not null constraint diary_link_name_length check (char_length(name) between 1 and 60),
  created_by bigint not null constraint diary_link_creator_fk references accounts.person,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz
);
create index diary_link_lot on origin.diary_link (lot_id, id) where ended_at is null;
