-- What a run changed against the run before it. Of the rows in a platform's file only a print is kept, four bytes for each cell: enough to say that and where, not what it said.
create table exports.sent_row (
  profile_code text not null,
  listing_id bigint not null constraint sent_row_listing_fk references catalog.listing,
  print bytea not null,
  constraint sent_row_pk primary key (profile_code, listing_id)
);

create table exports.run_change (
  run_id bigint not null constraint run_change_run_fk references exports.run on delete cascade,
  listing_id bigint not null constraint run_change_listing_fk references catalog.listing,
  change text not null constraint run_change_kind check (change in ('new', 'changed', 'gone')),
  columns text[] not null,
  constraint run_change_pk primary key (run_id, listing_id)
);

-- The counts are null of a run that had none before it to be compared with.
alter table exports.run add column key uuid not null default gen_random_uuid() constraint run_key unique, add column added int, add column changed int, add column removed int;

-- What the value of a cell that was set aside was probably meant to be, of those that the platform takes.
alter table exports.set_aside add column suggestion text not null default '';
