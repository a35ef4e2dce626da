-- A platform's own blank workbook, filled in with listings: kept until its sender has fetched it, a day at most. One for each sender and platform.
create table exports.filling (
  key uuid not null constraint filling_pk primary key,
  profile_code text not null,
  profile_version int not null,
  -- Null of one with the listings of all producers, which an operator asked for.
  producer_id bigint constraint filling_producer_fk references producers.producer,
  file_name text not null constraint filling_file_name check (char_length(file_name) between 1 and 200),
  content bytea not null,
  written int not null,
  set_aside int not null,
  faults jsonb not null,
  filled_at timestamptz not null,
  constraint filling_profile_fk foreign key (profile_code, profile_version) references exports.profile (code, version)
);
create unique index filling_sender on exports.filling (profile_code, coalesce(producer_id, 0));
