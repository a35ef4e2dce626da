-- Work that takes more than a moment: asked for by somebody, seen to come along, its result waits in a list.
create table jobs.long_task (
  id uuid constraint long_task_pk primary key,
  person_id bigint not null,
  kind text not null,
  input jsonb not null,
  title text not null,
  title_args text[] not null,
  state text not null constraint long_task_state check (state in ('waiting', 'running', 'done', 'failed')),
  done bigint not null default 0 constraint long_task_done check (done >= 0),
  total bigint constraint long_task_total check (total >= 0),
  attempts int not null default 0,
  leased_until timestamptz,
  message text,
  message_args text[] not null default '{}',
  result_path text,
  asked_at timestamptz not null,
  ended_at timestamptz,
  constraint long_task_ended check ((state in ('done', 'failed')) = (ended_at is not null))
);
create index long_task_person on jobs.long_task (person_id, asked_at desc, id desc);
create index long_task_open on jobs.long_task (asked_at) where state in ('waiting', 'running');
