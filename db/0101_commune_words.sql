-- Communes are looked for while a buyer types: what is compared is kept, and not made anew of 3,300 names at each key.
-- "words" are those of the name without marks, each with a space before it.
alter table foundation.province
  add column words text generated always as (' ' || btrim(regexp_replace(foundation.fold(full_name), '[^a-z0-9]+', ' ', 'g'))) stored;

alter table foundation.commune
  add column name_folded text generated always as (foundation.fold(name)) stored,
  add column words text generated always as (' ' || btrim(regexp_replace(foundation.fold(full_name || ' ' || coalesce(former_district, '')), '[^a-z0-9]+', ' ', 'g'))) stored;

alter table foundation.former_commune
  add column name_folded text generated always as (foundation.fold(name)) stored,
  add column words text generated always as (' ' || btrim(regexp_replace(foundation.fold(full_name || ' ' || former_district), '[^a-z0-9]+', ' ', 'g'))) stored;
