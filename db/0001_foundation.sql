-- What every room stands on: folding of Vietnamese text, append-only tables, reference tables, keys of the web.
create schema foundation;
create extension if not exists unaccent with schema public;
create extension if not exists pg_trgm with schema public;

-- unaccent() is only stable, so an index may not use it; naming its dictionary makes this one immutable.
-- "Xoài tròn Yên Châu" becomes "xoai tron yen chau"; the letter đ becomes d.
create function foundation.fold(value text) returns text
  language sql immutable strict parallel safe
  return lower(public.unaccent('public.unaccent'::regdictionary, normalize(value, nfc)));

-- Tables with this trigger are histories: rows come, none changes, none goes.
-- The migrator also takes update and delete on them away from the application's role.
create function foundation.refuse_change() returns trigger
  language plpgsql as $$
begin
  raise exception 'append-only: % of %.% is refused', lower(tg_op), tg_table_schema, tg_table_name
    using errcode = 'restrict_violation', constraint = tg_table_name || '_append_only';
end $$;

create table foundation.reference_file (
  name text constraint reference_file_pk primary key,
  sha256 text not null,
  loaded_at timestamptz not null default now()
);

-- Administrative units in force since 1 July 2025 (Quyết định 19/2025/QĐ-TTg): two tiers, no districts.
create table foundation.province (
  code text constraint province_pk primary key constraint province_code_format check (code ~ '^\d{2}$'),
  name text not null,
  full_name text not null,
  name_en text not null,
  slug text not null constraint province_slug_key unique,
  merged_from text not null default ''
);

create table foundation.commune (
  code text constraint commune_pk primary key constraint commune_code_format check (code ~ '^\d{5}$'),
  province_code text not null constraint commune_province_fk references foundation.province,
  name text not null,
  full_name text not null,
  name_en text not null,
  kind text not null,
  lat numeric(7, 4),
  lon numeric(7, 4),
  slug text,
  former_district text,
  folded text generated always as (foundation.fold(full_name)) stored
);
create index commune_province on foundation.commune (province_code, code);
create index commune_folded on foundation.commune using gin (folded public.gin_trgm_ops);

-- Units of March 2025 and the present unit each became part of, so that old addresses are understood.
create table foundation.former_commune (
  id bigint generated always as identity constraint former_commune_pk primary key,
  name text not null,
  full_name text not null,
  former_district text not null,
  commune_code text not null constraint former_commune_commune_fk references foundation.commune,
  folded text generated always as (foundation.fold(full_name)) stored,
  constraint former_commune_key unique (full_name, former_district)
);
create index former_commune_folded on foundation.former_commune using gin (folded public.gin_trgm_ops);

create table foundation.commune_boundary (
  commune_code text constraint commune_boundary_pk primary key constraint commune_boundary_commune_fk references foundation.commune,
  geometry jsonb not null
);

create table foundation.bank (
  bin text constraint bank_pk primary key constraint bank_bin_format check (bin ~ '^\d{6}$'),
  code text not null,
  short_name text not null,
  name text not null,
  swift text,
  vietqr text not null,
  deprecated boolean not null
);
