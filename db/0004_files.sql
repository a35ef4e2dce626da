-- Bytes lie in a content-addressed folder; here is what they are and whose.
create schema files;

create table files.stored_file (
  id uuid constraint stored_file_pk primary key,
  kind text not null constraint stored_file_kind check (kind in ('image', 'document')),
  owner text not null,
  name text not null,
  content_type text not null,
  bytes bigint not null constraint stored_file_bytes check (bytes > 0),
  sha256 text not null,
  width int,
  height int,
  state text not null constraint stored_file_state check (state in ('pending', 'clean', 'rejected')),
  created_by bigint constraint stored_file_person_fk references accounts.person,
  created_at timestamptz not null,
  constraint stored_file_image_size check (kind <> 'image' or (width > 0 and height > 0))
);
create index stored_file_owner on files.stored_file (owner, created_at);

create table files.rendition (
  file_id uuid not null constraint rendition_file_fk references files.stored_file,
  name text not null constraint rendition_name check (name ~ '^[a-z0-9]+\.(webp|jpg|pdf)$'),
  content_type text not null,
  width int,
  height int,
  bytes bigint not null,
  sha256 text not null,
  constraint rendition_pk primary key (file_id, name)
);
