-- A picture or paper that no row names (of a form that was refused and not sent again, of a product that shows others now) goes after a week. Since when nothing names it:
alter table files.stored_file add column unnamed_since timestamptz;
create index stored_file_unnamed on files.stored_file (unnamed_since) where unnamed_since is not null;

-- Bytes that no row of files names. They stay some days longer than their rows: a backup copies the database first and the bytes after it.
create table files.unnamed_bytes (
  sha256 text constraint unnamed_bytes_pk primary key,
  since timestamptz not null
);
