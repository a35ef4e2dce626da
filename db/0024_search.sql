-- Search: one narrow row a public listing with everything that a list filters, counts and ranks by, and the words and names that people know.

-- The words of a text, apart from each other: letters and digits only, "5kg" as "5 kg". Folded for finding, with marks for ranking.
create function catalog.folded_words(value text) returns text
  language sql immutable strict parallel safe
  return regexp_replace(regexp_replace(foundation.fold(value), '[^a-z0-9]+', ' ', 'g'), '(?<=[0-9])(?=[a-z])|(?<=[a-z])(?=[0-9])', ' ', 'g');

create function catalog.marked_words(value text) returns text
  language sql immutable strict parallel safe
  return regexp_replace(regexp_replace(lower(normalize(value, nfc)), '[\s!-/:-@\[-`{-~“”‘’–—…·•×]+', ' ', 'g'), '(?<=[0-9])(?=[a-z])|(?<=[a-z])(?=[0-9])', ' ', 'g');

-- Derived, so made anew: the application fills it when it starts (reference tables) and keeps it with every change.
drop table catalog.search_entry;
create table catalog.search_entry (
  listing_id bigint constraint search_entry_pk primary key constraint search_entry_listing_fk references catalog.listing,
  category_slug text not null,
  speciality_slug text,
  commune_code text not null,
  price_vnd bigint not null,
  season_months int[] not null,
  certificate_kinds text[] not null,
  stars int,
  certificates_until date,
  published_at timestamptz not null,
  stock_units bigint not null,
  sellable boolean not null,
  -- What it is called (weight A its first word, B the rest), its title (B), its producer, group and certificates (C), its place of today and of old (D).
  called text not null,
  title text not null,
  belongs text not null,
  place text not null,
  tsv tsvector not null generated always as (
    setweight(to_tsvector('simple', split_part(ltrim(catalog.folded_words(called)), ' ', 1)), 'A')
    || setweight(to_tsvector('simple', coalesce(substring(ltrim(catalog.folded_words(called)) from ' .*$'), '') || ' ' || catalog.folded_words(title)), 'B')
    || setweight(to_tsvector('simple', catalog.folded_words(belongs)), 'C')
    || setweight(to_tsvector('simple', catalog.folded_words(place)), 'D')) stored,
  marks tsvector not null generated always as (
    setweight(to_tsvector('simple', catalog.marked_words(called) || ' ' || catalog.marked_words(title)), 'B')
    || setweight(to_tsvector('simple', catalog.marked_words(belongs)), 'C')
    || setweight(to_tsvector('simple', catalog.marked_words(place)), 'D')) stored
);
-- Rows of about 2 kB stay whole in their page: a search looks at many of them.
alter table catalog.search_entry set (toast_tuple_target = 4080);
create index search_entry_tsv on catalog.search_entry using gin (tsv) with (fastupdate = off);
create index search_entry_new on catalog.search_entry (published_at desc, listing_id desc) where sellable;
create index search_entry_category_new on catalog.search_entry (category_slug, published_at desc, listing_id desc) where sellable;
create index search_entry_commune_new on catalog.search_entry (commune_code, published_at desc, listing_id desc) where sellable;
create index search_entry_price on catalog.search_entry (price_vnd, listing_id) where sellable;
create index search_entry_category_price on catalog.search_entry (category_slug, price_vnd, listing_id) where sellable;
create index search_entry_certificates on catalog.search_entry using gin (certificate_kinds) with (fastupdate = off);
create index search_entry_stars on catalog.search_entry (stars) where sellable and stars is not null;
create index search_entry_uncertified on catalog.search_entry (certificates_until) where certificates_until is not null;

-- Words that mean the same, that lead to another, that name a group or certificate, that may be missing (soft) or say nothing (noise).
create table catalog.search_term (
  id bigint generated always as identity constraint search_term_pk primary key,
  kind text not null constraint search_term_kind check (kind in ('same', 'also', 'fact', 'soft', 'noise')),
  phrases text[] not null constraint search_term_phrases check (cardinality(phrases) > 0),
  means text[] not null,
  source text not null
);

-- Every word of the public listings, folded, with its commonest writing: what a mistyped word may have meant. Refreshed by a job.
create table catalog.known_word (
  word text constraint known_word_pk primary key,
  marked text not null,
  listings int not null
);

-- What a search may be narrowed to or proposed: names with public listings. Refreshed by the same job.
create table catalog.known_name (
  kind text not null constraint known_name_kind check (kind in ('speciality', 'category', 'commune', 'producer')),
  value text not null,
  name text not null,
  name_en text not null,
  listings int not null,
  constraint known_name_pk primary key (kind, value)
);
