-- The provider's file of a day beside our own book: what differs, on either side, is a case until somebody settled it or a later file agrees.
create table payments.provider_file (
  id bigint generated always as identity constraint provider_file_pk primary key,
  day date not null,
  tmn_code text,
  sha256 bytea not null,
  line_count int not null,
  read_at timestamptz not null,
  read_by bigint constraint provider_file_person_fk references accounts.person
);
create index provider_file_day on payments.provider_file (day desc, id desc);

create table payments.provider_line (
  file_id bigint not null constraint provider_line_file_fk references payments.provider_file,
  line int not null,
  type text not null constraint provider_line_type check (type in ('01', '02', '03')),
  tmn_code text not null,
  txn_ref text not null,
  transaction_no text not null,
  amount_vnd bigint not null,
  pay_date text not null,
  status text not null,
  constraint provider_line_pk primary key (file_id, line)
);

create table payments.difference (
  id bigint generated always as identity constraint difference_pk primary key,
  day date not null,
  kind text not null constraint difference_kind
    check (kind in ('unknown', 'not_paid_here', 'amount', 'number', 'not_there', 'refund_unknown', 'refund_state', 'refund_not_there')),
  tmn_code text not null,
  txn_ref text not null,
  transaction_no text not null,
  attempt_id bigint constraint difference_attempt_fk references payments.attempt,
  theirs_vnd bigint,
  ours_vnd bigint,
  status text not null constraint difference_status check (status in ('open', 'settled')),
  note text not null default '' constraint difference_note_length check (length(note) <= 300),
  opened_at timestamptz not null,
  settled_at timestamptz,
  settled_by bigint constraint difference_person_fk references accounts.person,
  constraint difference_once unique (kind, tmn_code, txn_ref, transaction_no),
  constraint difference_settled check ((status = 'settled') = (settled_at is not null))
);
create index difference_by_status on payments.difference (status, id desc);
create index attempt_settled on payments.attempt (settled_at) where status in ('paid', 'paid_late');
create index payment_in_review on payments.payment (id desc) where status = 'review';
