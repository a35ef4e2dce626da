-- Listings, what the public may see of them, and the stock they sell from.
create schema catalog;

-- Working copy plus what changes at once (price, season, stock); text and claims reach the public as a version.
create table catalog.listing (
  id bigint generated always as identity constraint listing_pk primary key,
  slug text not null constraint listing_slug_key unique constraint listing_slug_format check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  producer_id bigint not null constraint listing_producer_fk references producers.producer,
  product_id bigint not null constraint listing_product_fk references producers.product,
  title text not null constraint listing_title_length check (char_length(title) between 4 and 160),
  title_en text not null default '',
  sale_unit text not null constraint listing_sale_unit check (sale_unit in ('kg', 'bunch', 'box', 'piece')),
  base_per_unit bigint not null constraint listing_base_per_unit check (base_per_unit > 0),
  net_weight_g bigint not null constraint listing_net_weight check (net_weight_g > 0),
  price_vnd bigint not null constraint listing_price check (price_vnd between 1000 and 999999999),
  season_months int[] not null default '{}',
  min_units int not null default 1 constraint listing_min_units check (min_units between 1 and 999),
  status text not null constraint listing_status check (status in ('draft', 'submitted', 'returned', 'approved', 'suspended', 'closed')),
  status_reason text not null default '',
  version int not null default 0,
  public_version int,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  published_at timestamptz,
  approved_at timestamptz,
  constraint listing_hidden check (status not in ('suspended', 'closed') or public_version is null)
);
create index listing_producer on catalog.listing (producer_id, id desc);
create index listing_product on catalog.listing (product_id);
create index listing_published on catalog.listing (published_at desc, id desc) where public_version is not null;
create index listing_price_up on catalog.listing (price_vnd, id) where public_version is not null;

create table catalog.listing_version (
  listing_id bigint not null constraint listing_version_listing_fk references catalog.listing,
  version int not null constraint listing_version_positive check (version > 0),
  title text not null,
  title_en text not null,
  category_slug text not null constraint listing_version_category_fk references producers.category,
  speciality_slug text constraint listing_version_speciality_fk references producers.speciality,
  gtin text,
  sale_unit text not null,
  base_unit text not null,
  base_per_unit bigint not null,
  net_weight_g bigint not null,
  description text not null,
  storage text not null,
  picture_ids uuid[] not null,
  certificate_ids uuid[] not null,
  submitted_at timestamptz not null,
  submitted_by bigint constraint listing_version_submitter_fk references accounts.person,
  state text not null constraint listing_version_state check (state in ('submitted', 'approved', 'returned', 'withdrawn')),
  decided_at timestamptz,
  decided_by bigint constraint listing_version_decider_fk references accounts.person,
  reason text,
  constraint listing_version_pk primary key (listing_id, version),
  constraint listing_version_decided check ((state in ('approved', 'returned')) = (decided_at is not null))
);
create unique index listing_version_one_open on catalog.listing_version (listing_id) where state = 'submitted';
alter table catalog.listing add constraint listing_public_version_fk
  foreign key (id, public_version) references catalog.listing_version (listing_id, version);

-- One row a public listing: what a search asks, folded and with marks, and what can be bought of it. Kept by the verbs that change a listing.
-- A listing whose only lots are blocked or recalled is not sellable: it leaves browse and feeds.
create table catalog.search_entry (
  listing_id bigint constraint search_entry_pk primary key constraint search_entry_listing_fk references catalog.listing,
  words text not null,
  stock_units bigint not null,
  sellable boolean not null,
  folded text generated always as (foundation.fold(words)) stored,
  tsv tsvector generated always as (to_tsvector('simple', foundation.fold(words))) stored,
  tsv_marks tsvector generated always as (to_tsvector('simple', lower(normalize(words, nfc)))) stored
);
create index search_entry_tsv on catalog.search_entry using gin (tsv);
create index search_entry_folded on catalog.search_entry using gin (folded public.gin_trgm_ops);

-- Stock per lot in base units (gram or piece). Sold can never pass supplied: the database refuses it.
create table catalog.lot_stock (
  lot_id bigint constraint lot_stock_pk primary key constraint lot_stock_lot_fk references origin.lot,
  product_id bigint not null constraint lot_stock_product_fk references producers.product,
  supplied bigint not null,
  available bigint not null constraint lot_stock_available check (available >= 0),
  held bigint not null default 0 constraint lot_stock_held check (held >= 0),
  sold bigint not null default 0 constraint lot_stock_sold check (sold >= 0),
  written_off bigint not null default 0 constraint lot_stock_written_off check (written_off >= 0),
  constraint lot_stock_balance check (supplied = available + held + sold + written_off)
);
create index lot_stock_product on catalog.lot_stock (product_id, lot_id);

create table catalog.reservation (
  id uuid constraint reservation_pk primary key,
  lot_id bigint not null constraint reservation_lot_fk references catalog.lot_stock,
  holder text not null,
  quantity_base bigint not null constraint reservation_quantity check (quantity_base > 0),
  state text not null constraint reservation_state check (state in ('held', 'sold', 'released')),
  expires_at timestamptz,
  created_at timestamptz not null,
  ended_at timestamptz
);
create index reservation_holder on catalog.reservation (holder);
create index reservation_expiry on catalog.reservation (expires_at) where state = 'held';
