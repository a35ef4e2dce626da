-- Who produces, what, where, and with which certificates.
create schema producers;

create table producers.category (
  slug text constraint category_pk primary key,
  parent_slug text constraint category_parent_fk references producers.category,
  ocop_group text not null,
  name text not null,
  name_en text not null,
  sort int not null
);

create table producers.speciality (
  slug text constraint speciality_pk primary key,
  name text not null,
  name_en text not null,
  scientific_name text not null default '',
  category_slug text not null constraint speciality_category_fk references producers.category,
  unit text not null,
  harvest_months int[] not null,
  former_districts text[] not null,
  protection text not null default '',
  protection_name text not null default '',
  hs_code text not null default '',
  price_min_vnd bigint,
  price_max_vnd bigint,
  sale_online_allowed boolean not null default true,
  folded text generated always as (foundation.fold(name)) stored
);

create table producers.certificate_kind (
  code text constraint certificate_kind_pk primary key,
  name text not null,
  name_en text not null,
  kind text not null,
  standard text not null default '',
  issuer text not null default '',
  validity_months int
);

-- The columns here are the producer's working copy; the public sees only the version named by public_version.
create table producers.producer (
  id bigint generated always as identity constraint producer_pk primary key,
  slug text not null constraint producer_slug_key unique constraint producer_slug_format check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  kind text not null constraint producer_kind check (kind in ('cooperative', 'enterprise', 'household', 'household_group')),
  name text not null constraint producer_name_length check (char_length(name) between 2 and 160),
  tax_code text constraint producer_tax_code_key unique constraint producer_tax_code_format check (tax_code ~ '^\d{10}(-\d{3})?$|^\d{12}$'),
  representative text not null default '',
  phone text not null default '',
  email text not null default '',
  commune_code text not null constraint producer_commune_fk references foundation.commune,
  address_line text not null default '',
  postcode text not null default '' constraint producer_postcode_format check (postcode ~ '^(\d{5})?$'),
  digital_address text not null default '',
  lat numeric(8, 5) constraint producer_lat check (lat between 8 and 24),
  lon numeric(8, 5) constraint producer_lon check (lon between 102 and 110),
  about text not null default '',
  picture_ids uuid[] not null default '{}',
  is_sample boolean not null default false,
  status text not null constraint producer_status check (status in ('draft', 'submitted', 'returned', 'approved', 'suspended')),
  status_reason text not null default '',
  version int not null default 0,
  public_version int,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  approved_at timestamptz,
  constraint producer_suspended_hidden check (status <> 'suspended' or public_version is null)
);

-- A snapshot made when the producer submits. Only its own decision is ever added; the content never changes.
create table producers.producer_version (
  producer_id bigint not null constraint producer_version_producer_fk references producers.producer,
  version int not null constraint producer_version_positive check (version > 0),
  kind text not null,
  name text not null,
  tax_code text,
  representative text not null,
  phone text not null,
  email text not null,
  commune_code text not null constraint producer_version_commune_fk references foundation.commune,
  address_line text not null,
  about text not null,
  picture_ids uuid[] not null,
  submitted_at timestamptz not null,
  submitted_by bigint constraint producer_version_submitter_fk references accounts.person,
  state text not null constraint producer_version_state check (state in ('submitted', 'approved', 'returned', 'withdrawn')),
  decided_at timestamptz,
  decided_by bigint constraint producer_version_decider_fk references accounts.person,
  reason text,
  constraint producer_version_pk primary key (producer_id, version),
  constraint producer_version_decided check ((state in ('approved', 'returned')) = (decided_at is not null))
);
create unique index producer_version_one_open on producers.producer_version (producer_id) where state = 'submitted';
alter table producers.producer add constraint producer_public_version_fk
  foreign key (id, public_version) references producers.producer_version (producer_id, version);

create table producers.member (
  producer_id bigint not null constraint member_producer_fk references producers.producer,
  person_id bigint not null constraint member_person_fk references accounts.person,
  role text not null constraint member_role check (role in ('owner', 'member')),
  joined_at timestamptz not null,
  constraint member_pk primary key (producer_id, person_id)
);
create index member_person on producers.member (person_id);

create table producers.growing_area (
  id uuid constraint growing_area_pk primary key,
  producer_id bigint not null constraint growing_area_producer_fk references producers.producer,
  name text not null,
  code text constraint growing_area_code_key unique constraint growing_area_code_format check (code ~ '^VN[-. ]?[A-Z0-9.\- ]{3,40}$'),
  commune_code text not null constraint growing_area_commune_fk references foundation.commune,
  area_m2 bigint constraint growing_area_size check (area_m2 > 0),
  speciality_slug text constraint growing_area_speciality_fk references producers.speciality,
  status text not null default 'active' constraint growing_area_status check (status in ('active', 'suspended', 'revoked')),
  created_at timestamptz not null
);
create index growing_area_producer on producers.growing_area (producer_id);

create table producers.certificate (
  id uuid constraint certificate_pk primary key,
  producer_id bigint not null constraint certificate_producer_fk references producers.producer,
  kind_code text not null constraint certificate_kind_fk references producers.certificate_kind,
  number text not null constraint certificate_number_length check (char_length(number) between 1 and 80),
  issuer text not null,
  scope text not null default '',
  stars int constraint certificate_stars check (stars between 3 and 5),
  issued_on date not null,
  valid_until date not null,
  file_id uuid constraint certificate_file_fk references files.stored_file,
  status text not null constraint certificate_status check (status in ('submitted', 'verified', 'rejected', 'revoked')),
  submitted_at timestamptz not null,
  decided_at timestamptz,
  decided_by bigint constraint certificate_decider_fk references accounts.person,
  reason text not null default '',
  constraint certificate_dates check (valid_until >= issued_on),
  constraint certificate_number_once unique (producer_id, kind_code, number)
);

-- The trade item. What is offered for sale, and how, is a listing (room Catalog).
create table producers.product (
  id bigint generated always as identity constraint product_pk primary key,
  code text not null constraint product_code_key unique,
  producer_id bigint not null constraint product_producer_fk references producers.producer,
  name text not null constraint product_name_length check (char_length(name) between 2 and 160),
  name_en text not null default '',
  category_slug text not null constraint product_category_fk references producers.category,
  speciality_slug text constraint product_speciality_fk references producers.speciality,
  gtin text constraint product_gtin_key unique constraint product_gtin_format check (gtin ~ '^\d{14}$'),
  base_unit text not null constraint product_base_unit check (base_unit in ('g', 'piece')),
  net_weight_g bigint constraint product_net_weight check (net_weight_g > 0),
  description text not null default '' constraint product_description_length check (char_length(description) <= 5000),
  storage text not null default '',
  alcohol_percent numeric(4, 1) constraint product_alcohol check (alcohol_percent >= 0 and alcohol_percent < 15),
  picture_ids uuid[] not null default '{}',
  certificate_ids uuid[] not null default '{}',
  created_at timestamptz not null,
  changed_at timestamptz not null,
  constraint product_piece_weight check (base_unit = 'g' or net_weight_g is not null)
);
create index product_producer on producers.product (producer_id, id);
