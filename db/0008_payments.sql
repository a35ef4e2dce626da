-- Every payment has a terminal and a payee: the money goes to the seller, never through us.
create schema payments;

create table payments.terminal (
  id bigint generated always as identity constraint terminal_pk primary key,
  producer_id bigint constraint terminal_producer_key unique constraint terminal_producer_fk references producers.producer,
  tmn_code text not null constraint terminal_tmn_code_key unique constraint terminal_tmn_code_format check (tmn_code ~ '^[A-Z0-9]{8}$'),
  hash_secret text not null,
  active boolean not null default true,
  created_at timestamptz not null
);

create table payments.payment (
  id bigint generated always as identity constraint payment_pk primary key,
  code text not null constraint payment_code_key unique,
  payable text not null constraint payment_payable_key unique,
  producer_id bigint not null constraint payment_payee_fk references producers.producer,
  terminal_id bigint constraint payment_terminal_fk references payments.terminal,
  method text not null constraint payment_method check (method in ('vnpay', 'cod')),
  amount_vnd bigint not null constraint payment_amount check (amount_vnd > 0),
  description text not null,
  status text not null constraint payment_status check (status in ('pending', 'paid', 'paid_late', 'failed', 'expired', 'review', 'cancelled')),
  hold_until timestamptz,
  created_at timestamptz not null,
  paid_at timestamptz,
  constraint payment_vnpay_terminal check (method <> 'vnpay' or terminal_id is not null),
  constraint payment_paid_at check ((status in ('paid', 'paid_late')) = (paid_at is not null))
);
create index payment_payee on payments.payment (producer_id, id desc);
create index payment_open on payments.payment (hold_until) where status = 'pending' and method = 'vnpay';

-- One row a try, written before the buyer is sent to VNPAY. create_date is VNPAY's own 14 digits: querydr needs the same.
create table payments.attempt (
  id bigint generated always as identity constraint attempt_pk primary key,
  payment_id bigint not null constraint attempt_payment_fk references payments.payment,
  terminal_id bigint not null constraint attempt_terminal_fk references payments.terminal,
  txn_ref text not null constraint attempt_txn_ref_format check (txn_ref ~ '^[A-Za-z0-9]{1,100}$'),
  amount_vnd bigint not null constraint attempt_amount check (amount_vnd > 0),
  create_date text not null constraint attempt_create_date_format check (create_date ~ '^\d{14}$'),
  started_at timestamptz not null,
  expires_at timestamptz not null,
  status text not null constraint attempt_status check (status in ('initiated', 'paid', 'failed', 'expired', 'paid_late', 'review')),
  response_code text,
  transaction_status text,
  transaction_no text,
  bank_code text,
  pay_date text,
  queries int not null default 0,
  next_query_at timestamptz,
  settled_at timestamptz,
  constraint attempt_txn_ref_key unique (terminal_id, txn_ref)
);
create index attempt_payment on payments.attempt (payment_id);
create index attempt_silent on payments.attempt (next_query_at) where status = 'initiated';

-- Raw notifications, refused ones too, without the hash.
create table payments.notification (
  id bigint generated always as identity constraint notification_pk primary key,
  received_at timestamptz not null,
  channel text not null constraint notification_channel check (channel in ('ipn', 'querydr')),
  verdict text not null,
  rsp_code text,
  terminal_id bigint constraint notification_terminal_fk references payments.terminal,
  txn_ref text,
  payload text not null,
  source inet
);
create index notification_txn_ref on payments.notification (txn_ref);
create trigger notification_append_only before update or delete or truncate on payments.notification
  execute function foundation.refuse_change();

create table payments.refund_case (
  id bigint generated always as identity constraint refund_case_pk primary key,
  payment_id bigint not null constraint refund_case_payment_fk references payments.payment,
  cause text not null constraint refund_case_cause check (cause in ('paid_late', 'second_success', 'recall', 'cancelled')),
  amount_vnd bigint not null constraint refund_case_amount check (amount_vnd > 0),
  status text not null constraint refund_case_status check (status in ('open', 'done')),
  opened_at timestamptz not null,
  key text not null constraint refund_case_key unique
);

-- Where the simulator listens that one of several processes started, so that the others find it. Empty in production.
create table payments.simulator (
  id int constraint simulator_pk primary key constraint simulator_once check (id = 1),
  url text not null
);

-- Double entry: the lines of a posting sum to zero, checked when the transaction commits.
create table payments.posting (
  id bigint generated always as identity constraint posting_pk primary key,
  key text not null constraint posting_key unique,
  kind text not null,
  payment_id bigint constraint posting_payment_fk references payments.payment,
  posted_at timestamptz not null
);
create table payments.ledger_line (
  posting_id bigint not null constraint ledger_line_posting_fk references payments.posting,
  line int not null,
  account text not null,
  producer_id bigint constraint ledger_line_producer_fk references producers.producer,
  amount_vnd bigint not null constraint ledger_line_amount check (amount_vnd <> 0),
  constraint ledger_line_pk primary key (posting_id, line)
);
create index ledger_line_account on payments.ledger_line (producer_id, account);
create function payments.check_balance() returns trigger language plpgsql as $$
begin
  if (select coalesce(sum(amount_vnd), 0) from payments.ledger_line where posting_id = new.posting_id) <> 0 then
    raise exception 'posting % does not balance', new.posting_id using errcode = 'check_violation', constraint = 'ledger_line_balance';
  end if;
  return null;
end $$;
create constraint trigger ledger_line_balance after insert on payments.ledger_line
  deferrable initially deferred for each row execute function payments.check_balance();
create trigger posting_append_only before update or delete or truncate on payments.posting
  execute function foundation.refuse_change();
create trigger ledger_line_append_only before update or delete or truncate on payments.ledger_line
  execute function foundation.refuse_change();
