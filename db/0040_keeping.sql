-- What must always hold, as it was found the last time, and the backups that were made: for the operator's screen.
create table supervision.invariant (
  id text constraint invariant_pk primary key,
  checked_at timestamptz not null,
  faults text[] not null,
  broken_since timestamptz,
  took_ms int not null,
  constraint invariant_broken check ((broken_since is not null) = (cardinality(faults) > 0))
);

create table supervision.backup (
  id bigint generated always as identity constraint backup_pk primary key,
  name text not null,
  kind text not null constraint backup_kind check (kind in ('cluster', 'dump')),
  started_at timestamptz not null,
  ended_at timestamptz not null,
  bytes bigint not null,
  new_files int not null
);
create trigger backup_append_only before update or delete or truncate on supervision.backup
  execute function foundation.refuse_change();
