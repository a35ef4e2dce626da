-- A platform is data: columns, transforms, limits. A run makes one file of approved listings for it.
create schema exports;

create table exports.profile (
  code text not null,
  version int not null,
  name text not null,
  status text not null constraint profile_status check (status in ('draft', 'proved', 'legacy')),
  definition jsonb not null,
  created_at timestamptz not null,
  note text not null default '',
  constraint profile_pk primary key (code, version)
);

create table exports.run (
  id bigint generated always as identity constraint run_pk primary key,
  profile_code text not null,
  profile_version int not null,
  state text not null constraint run_state check (state in ('building', 'written', 'failed')),
  cause text not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  selected int not null default 0,
  exported int not null default 0,
  set_aside int not null default 0,
  error text,
  constraint run_profile_fk foreign key (profile_code, profile_version) references exports.profile (code, version)
);
create index run_latest on exports.run (profile_code, id desc);

-- The finished files of a run; the bytes lie in the content-addressed folder of room Files.
create table exports.run_file (
  run_id bigint not null constraint run_file_run_fk references exports.run on delete cascade,
  extension text not null constraint run_file_extension check (extension in ('xml', 'tsv', 'csv', 'xlsx', 'json')),
  sha256 text not null,
  bytes bigint not null,
  constraint run_file_pk primary key (run_id, extension)
);

create table exports.set_aside (
  run_id bigint not null constraint set_aside_run_fk references exports.run on delete cascade,
  listing_id bigint not null constraint set_aside_listing_fk references catalog.listing,
  code text not null,
  field text not null,
  value text not null,
  rule text not null,
  hint text not null,
  constraint set_aside_pk primary key (run_id, listing_id, field, code)
);

create table exports.feed_token (
  id bigint generated always as identity constraint feed_token_pk primary key,
  profile_code text not null,
  token_hash bytea not null constraint feed_token_hash_key unique,
  label text not null,
  created_at timestamptz not null,
  revoked_at timestamptz,
  used_at timestamptz
);
