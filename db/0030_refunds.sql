-- Money goes back in parts, for more reasons than one, and each way back to VNPAY is a row of its own.
alter table payments.refund_case drop constraint refund_case_cause;
alter table payments.refund_case add constraint refund_case_cause
  check (cause in ('paid_late', 'second_success', 'recall', 'cancelled', 'return', 'complaint', 'weight', 'goodwill'));
alter table payments.refund_case
  add column attempt_id bigint constraint refund_case_attempt_fk references payments.attempt,
  add column note text not null default '' constraint refund_case_note_length check (length(note) <= 300),
  add column closed_at timestamptz;
create index refund_case_payment on payments.refund_case (payment_id);
create index refund_case_open on payments.refund_case (id) where status = 'open';

-- request_id is VNPAY's vnp_RequestId: written before anything is sent, the same at every repetition of this refund.
create table payments.refund (
  id bigint generated always as identity constraint refund_pk primary key,
  code text not null constraint refund_code_key unique,
  case_id bigint not null constraint refund_case_fk references payments.refund_case,
  attempt_id bigint not null constraint refund_attempt_fk references payments.attempt,
  amount_vnd bigint not null constraint refund_amount check (amount_vnd > 0),
  transaction_type text not null constraint refund_transaction_type check (transaction_type in ('02', '03')),
  request_id text not null constraint refund_request_id_key unique constraint refund_request_id_format check (request_id ~ '^[A-Za-z0-9]{1,32}$'),
  status text not null constraint refund_status
    check (status in ('awaiting_approval', 'requested', 'sending', 'processing', 'sent_to_bank', 'done', 'rejected', 'refused', 'withdrawn', 'review')),
  requested_by bigint constraint refund_requester_fk references accounts.person,
  approved_by bigint constraint refund_approver_fk references accounts.person,
  four_eyes boolean not null,
  response_code text,
  transaction_no text,
  transaction_status text,
  requested_at timestamptz not null,
  first_sent_at timestamptz,
  sends int not null default 0,
  queries int not null default 0,
  next_at timestamptz,
  ended_at timestamptz,
  constraint refund_two_people check (approved_by is null or approved_by is distinct from requested_by),
  constraint refund_approved check (not four_eyes or approved_by is not null or status in ('awaiting_approval', 'withdrawn')),
  constraint refund_ended check ((status in ('done', 'rejected', 'refused', 'withdrawn')) = (ended_at is not null))
);
-- What is on its way is on its way once.
create unique index refund_live on payments.refund (case_id) where status not in ('rejected', 'refused', 'withdrawn');
create index refund_attempt on payments.refund (attempt_id);
create index refund_due on payments.refund (next_at) where status in ('requested', 'sending', 'processing', 'sent_to_bank');
create index refund_by_status on payments.refund (status, id desc);

create table payments.refund_change (
  id bigint generated always as identity constraint refund_change_pk primary key,
  refund_id bigint not null constraint refund_change_refund_fk references payments.refund,
  from_status text,
  to_status text not null,
  at timestamptz not null,
  person_id bigint constraint refund_change_person_fk references accounts.person,
  note text not null default ''
);
create index refund_change_refund on payments.refund_change (refund_id, id);
create trigger refund_change_append_only before update or delete or truncate on payments.refund_change
  execute function foundation.refuse_change();

alter table payments.notification drop constraint notification_channel;
alter table payments.notification add constraint notification_channel check (channel in ('ipn', 'querydr', 'refund'));
