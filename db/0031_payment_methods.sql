-- A way to pay is a row: who adds a wallet adds a row here, and code that speaks to it. No table changes.
create table payments.method (
  code text constraint method_pk primary key constraint method_code_format check (code ~ '^[a-z][a-z0-9-]{1,19}$'),
  kind text not null constraint method_kind check (kind in ('gateway', 'transfer', 'cash'))
);
insert into payments.method (code, kind) values ('vnpay', 'gateway'), ('transfer', 'transfer'), ('cod', 'cash');

alter table payments.payment drop constraint payment_method;
alter table payments.payment add constraint payment_method_fk foreign key (method) references payments.method;
drop index payments.payment_open;
create index payment_open on payments.payment (hold_until) where status = 'pending' and hold_until is not null;
alter table orders.purchase drop constraint purchase_method;
alter table orders.purchase add constraint purchase_method_fk foreign key (method) references payments.method;
alter table orders.sub_order drop constraint sub_order_method;
alter table orders.sub_order add constraint sub_order_method_fk foreign key (method) references payments.method;

-- A try of any method; only VNPAY's has a terminal and a date of its own.
alter table payments.attempt alter column terminal_id drop not null, alter column create_date drop not null;
alter table payments.attempt add column method text not null default 'vnpay' constraint attempt_method_fk references payments.method;
alter table payments.attempt alter column method drop default;
alter table payments.attempt add constraint attempt_vnpay check (method <> 'vnpay' or (terminal_id is not null and create_date is not null));
create unique index attempt_reference on payments.attempt (method, txn_ref) where terminal_id is null;

-- What a payee takes beside VNPAY (whose terminal has its own table) and cash (whose limit is among the terms of delivery).
create table payments.payee_method (
  producer_id bigint not null constraint payee_method_producer_fk references producers.producer,
  method text not null constraint payee_method_method_fk references payments.method,
  active boolean not null,
  settings jsonb not null default '{}',
  changed_at timestamptz not null,
  constraint payee_method_pk primary key (producer_id, method),
  constraint payee_method_transfer check (method <> 'transfer'
    or (coalesce(settings->>'BankBin' ~ '^\d{6}$', false) and coalesce(settings->>'Account' ~ '^[A-Z0-9]{1,19}$', false) and coalesce(length(settings->>'Holder') between 1 and 100, false)))
);

-- Money that a bank's statement, or the seller by hand, says came in. The words of the payer are kept only while nobody knows what it is for.
create table payments.bank_credit (
  id bigint generated always as identity constraint bank_credit_pk primary key,
  producer_id bigint not null constraint bank_credit_producer_fk references producers.producer,
  fingerprint bytea not null,
  source text not null constraint bank_credit_source check (source in ('statement', 'hand')),
  booked_on date not null,
  amount_vnd bigint not null constraint bank_credit_amount check (amount_vnd > 0),
  reference text not null default '' constraint bank_credit_reference_length check (length(reference) <= 100),
  words text not null default '' constraint bank_credit_words_length check (length(words) <= 500),
  payment_id bigint constraint bank_credit_payment_fk references payments.payment,
  status text not null constraint bank_credit_status check (status in ('open', 'matched', 'set_aside')),
  note text not null default '' constraint bank_credit_note_length check (length(note) <= 300),
  added_at timestamptz not null,
  added_by bigint constraint bank_credit_person_fk references accounts.person,
  settled_at timestamptz,
  constraint bank_credit_once unique (producer_id, fingerprint),
  constraint bank_credit_forgets check (status = 'open' or words = ''),
  constraint bank_credit_settled check ((status = 'open') = (settled_at is null))
);
create index bank_credit_open on payments.bank_credit (producer_id, id desc) where status = 'open';
create index bank_credit_payment on payments.bank_credit (payment_id);
