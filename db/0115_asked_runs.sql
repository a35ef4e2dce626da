-- Runs of profiles that programs ask for, each followed by whoever asked.
create table exports.asked_run (
  id uuid constraint asked_run_pk primary key,
  key_code text not null,
  profile_code text not null,
  asked_at timestamptz not null,
  begun_at timestamptz,
  ended_at timestamptz,
  run_id bigint constraint asked_run_run_fk references exports.run on delete cascade,
  constraint asked_run_ended check ((run_id is null) = (ended_at is null))
);
-- Asked again before it is done, it is the same run.
create unique index asked_run_open on exports.asked_run (key_code, profile_code) where ended_at is null;
create index asked_run_run on exports.asked_run (run_id);
-- A seller's orders by their last change, for programs that follow them.
create index sub_order_changed on orders.sub_order (producer_id, changed_at, id);
