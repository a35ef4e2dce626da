-- An invoice that was adjusted or replaced is still looked up under what the earlier one was called: each that was told of stays.
create table orders.invoice_mark (
  id bigint generated always as identity constraint invoice_mark_pk primary key,
  invoice_request_id bigint not null constraint invoice_mark_request_fk references orders.invoice_request,
  status text not null constraint invoice_mark_status check (status in ('issued', 'adjusted', 'replaced')),
  symbol text not null constraint invoice_mark_symbol check (symbol <> ''),
  number text not null constraint invoice_mark_number check (number <> ''),
  lookup_code text not null,
  marked_at timestamptz not null
);
create index invoice_mark_request on orders.invoice_mark (invoice_request_id, id);
create trigger invoice_mark_append_only before update or delete or truncate on orders.invoice_mark
  execute function foundation.refuse_change();

insert into orders.invoice_mark (invoice_request_id, status, symbol, number, lookup_code, marked_at)
  select id, status, symbol, number, lookup_code, changed_at from orders.invoice_request where status <> 'requested' order by id;
