-- Pictures that came in a zip beside a file: as sent until they are drawn anew, then the picture that each became, or why it was refused.
create table imports.picture (
  import_id uuid not null constraint picture_import_fk references imports.import on delete cascade,
  no int not null,
  name text not null,
  bytes bytea,
  picture_id uuid,
  refused text,
  constraint picture_pk primary key (import_id, no),
  constraint picture_size check (octet_length(bytes) <= 10485760)
);

-- As many pictures go with the rows as were announced.
alter table imports.import add pictures int not null default 0, add pictures_saved int not null default 0, add spare_pictures text[] not null default '{}',
  add constraint import_picture_counts check (saved_at is null or pictures_saved = pictures);
