-- The books: dated rules of fees and taxes, what has to go back to buyers, running totals by day, days that are closed.

-- A rule of what a sale costs its seller. Rules that a law or a contract gives are proposed as data with their source; none is used before somebody
-- who runs the market has compared it with that source and adopted it.
create table payments.charge_rule (
  code text constraint charge_rule_pk primary key constraint charge_rule_code_format check (code ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  kind text not null constraint charge_rule_kind check (kind in ('fee', 'tax')),
  name text not null constraint charge_rule_name check (char_length(name) between 3 and 120),
  producer_kinds text[] not null constraint charge_rule_producer_kinds check (cardinality(producer_kinds) > 0),
  -- Hundredths of a percent.
  rate_bp int not null constraint charge_rule_rate check (rate_bp between 0 and 10000),
  -- What a seller may sell in a calendar year before it applies; 0 where it applies from the first đồng.
  free_yearly_vnd bigint not null default 0 constraint charge_rule_free check (free_yearly_vnd >= 0),
  valid_from date not null,
  valid_until date,
  source text not null constraint charge_rule_source check (char_length(source) between 5 and 300),
  source_url text not null default '',
  note text not null default '',
  proposed_at timestamptz not null,
  adopted_at timestamptz,
  adopted_by bigint constraint charge_rule_adopter_fk references accounts.person,
  constraint charge_rule_valid check (valid_until is null or valid_until >= valid_from)
);

alter table payments.posting
  add column note text not null default '',
  add column rule_code text constraint posting_rule_fk references payments.charge_rule,
  add constraint posting_time_key unique (id, posted_at);

-- A line carries the time of its posting, so that an account is read in order of time from one index, however long the books are.
alter table payments.ledger_line disable trigger ledger_line_append_only;
alter table payments.ledger_line add column posted_at timestamptz;
update payments.ledger_line l set posted_at = p.posted_at from payments.posting p where p.id = l.posting_id;
alter table payments.ledger_line enable trigger ledger_line_append_only;
alter table payments.ledger_line
  alter column posted_at set not null,
  alter column producer_id set not null,
  drop constraint ledger_line_posting_fk,
  add constraint ledger_line_posting_fk foreign key (posting_id, posted_at) references payments.posting (id, posted_at);
drop index payments.ledger_line_account;
create index ledger_line_account on payments.ledger_line (producer_id, account, posted_at, posting_id, line);
create index ledger_line_time on payments.ledger_line using brin (posted_at);
create index posting_payment on payments.posting (payment_id);

-- Debit and credit of an account from the beginning to the end of a day on which something was posted: the balance of any day is one probe of the key.
create table payments.ledger_day (
  producer_id bigint not null constraint ledger_day_producer_fk references producers.producer,
  account text not null,
  day date not null,
  debit_vnd bigint not null constraint ledger_day_debit check (debit_vnd >= 0),
  credit_vnd bigint not null constraint ledger_day_credit check (credit_vnd >= 0),
  lines bigint not null constraint ledger_day_lines check (lines > 0),
  constraint ledger_day_pk primary key (producer_id, account, day)
);
create trigger ledger_day_append_only before update or delete or truncate on payments.ledger_day
  execute function foundation.refuse_change();

-- Days whose totals are taken: nothing is posted into them any more.
create table payments.ledger_closed (
  day date constraint ledger_closed_pk primary key,
  closed_at timestamptz not null
);
create trigger ledger_closed_append_only before update or delete or truncate on payments.ledger_closed
  execute function foundation.refuse_change();

-- The first instant that is still open.
create function payments.books_open_from() returns timestamptz language sql stable
  return coalesce((select ((max(day) + 1)::timestamp at time zone 'Asia/Ho_Chi_Minh') from payments.ledger_closed), '-infinity'::timestamptz);

create function payments.check_posting() returns trigger language plpgsql as $$
begin
  if new.posted_at < payments.books_open_from() then
    raise exception 'the books of % are closed', new.posted_at using errcode = 'check_violation', constraint = 'posting_open_day';
  end if;
  if (select count(*) from payments.ledger_line where posting_id = new.id) < 2 then
    raise exception 'posting % has no two sides', new.id using errcode = 'check_violation', constraint = 'posting_two_sides';
  end if;
  return null;
end $$;
create constraint trigger posting_sound after insert on payments.posting
  deferrable initially deferred for each row execute function payments.check_posting();

-- What has to go back to buyers stands in the books from the day on which the case opened.
insert into payments.posting (key, kind, payment_id, posted_at)
  select 'refund-due:' || r.key, 'refund-due', r.payment_id, r.opened_at from payments.refund_case r where r.status = 'open';
insert into payments.ledger_line (posting_id, line, account, producer_id, amount_vnd, posted_at)
  select o.id, n.line, n.account, p.producer_id, n.sign * r.amount_vnd, o.posted_at
  from payments.refund_case r join payments.posting o on o.key = 'refund-due:' || r.key join payments.payment p on p.id = r.payment_id
    cross join (values (1, 'refund', 1), (2, 'refund-due', -1)) as n (line, account, sign);
