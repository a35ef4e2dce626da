-- The queue commits with the change that caused it, so nothing is announced that did not happen.
create schema jobs;

create table jobs.job (
  id bigint generated always as identity constraint job_pk primary key,
  kind text not null,
  payload jsonb not null,
  key text constraint job_key unique,
  run_at timestamptz not null,
  attempts int not null default 0,
  leased_until timestamptz,
  done_at timestamptz,
  dead_at timestamptz,
  last_error text,
  created_at timestamptz not null,
  constraint job_ended_once check (done_at is null or dead_at is null)
);
create index job_due on jobs.job (run_at, id) where done_at is null and dead_at is null;
create index job_done on jobs.job (done_at) where done_at is not null;

create table jobs.schedule (
  name text constraint schedule_pk primary key,
  cron text not null,
  next_run_at timestamptz not null,
  last_run_at timestamptz
);
