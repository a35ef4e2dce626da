-- Open data: what anybody may take, made once a week. A row for each time that a set was made; the bytes lie beside the files for platforms, named by their SHA-256.
create table exports.open_build (
  id bigint generated always as identity constraint open_build_pk primary key,
  set_code text not null,
  cause text not null,
  built_at timestamptz not null,
  covers_from date not null,
  covers_until date not null,
  rows int not null constraint open_build_rows check (rows >= 0),
  added int not null,
  removed int not null,
  csv_sha256 text not null,
  csv_bytes bigint not null,
  json_sha256 text not null,
  json_bytes bigint not null,
  constraint open_build_covers check (covers_until >= covers_from)
);
create index open_build_latest on exports.open_build (set_code, id desc);

-- The rows of a set by the id that the files give them, so that what goes is told: a row that was in the files and is no more has the time since when.
create table exports.open_row (
  set_code text not null,
  row_id text not null,
  removed_at timestamptz,
  constraint open_row_pk primary key (set_code, row_id)
);
create index open_row_removed on exports.open_row (set_code, removed_at desc, row_id) where removed_at is not null;

create view exports.newest_open_build as
  select distinct on (b.set_code) b.set_code, b.id, b.built_at, min(b.built_at) over (partition by b.set_code) as issued_at, b.covers_from, b.covers_until, b.rows, b.csv_sha256, b.csv_bytes, b.json_sha256, b.json_bytes
  from exports.open_build b order by b.set_code, b.id desc;
