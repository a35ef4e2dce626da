-- Spreadsheets and their pictures that were sent with a form of which something else was refused: they wait for it to be sent again.
create table foundation.kept_file (
  key uuid not null,
  field text not null,
  no int not null,
  person_id bigint not null,
  name text not null,
  bytes bytea not null,
  kept_at timestamptz not null,
  constraint kept_file_pk primary key (key, field, no)
);
create index kept_file_person on foundation.kept_file (person_id);
create index kept_file_kept on foundation.kept_file (kept_at);
