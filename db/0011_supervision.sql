-- What officers decided, with the list they checked. The decision itself lives in the room of its subject.
create schema supervision;

create table supervision.decision (
  id bigint generated always as identity constraint decision_pk primary key,
  subject_kind text not null constraint decision_subject_kind check (subject_kind in ('producer', 'listing', 'certificate')),
  subject text not null,
  version int,
  decision text not null constraint decision_word check (decision in ('approve', 'return', 'suspend', 'restore')),
  reason text not null default '',
  checklist jsonb not null default '[]',
  officer_id bigint not null constraint decision_officer_fk references accounts.person,
  decided_at timestamptz not null,
  constraint decision_reasoned check (decision in ('approve', 'restore') or char_length(reason) >= 5)
);
create index decision_subject on supervision.decision (subject_kind, subject, id desc);
create trigger decision_append_only before update or delete or truncate on supervision.decision
  execute function foundation.refuse_change();
