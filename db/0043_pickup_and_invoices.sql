-- Places where a buyer fetches the goods, on days of the week and between hours; what was chosen stands with the part as it was.
create table orders.pickup_point (
  id bigint generated always as identity constraint pickup_point_pk primary key,
  code text not null constraint pickup_point_code_key unique,
  producer_id bigint not null constraint pickup_point_producer_fk references producers.producer,
  name text not null constraint pickup_point_name_length check (char_length(name) between 3 and 80),
  address text not null constraint pickup_point_address_length check (char_length(address) between 5 and 200),
  weekdays int[] not null constraint pickup_point_weekdays check (cardinality(weekdays) between 1 and 7 and weekdays <@ '{1,2,3,4,5,6,7}'),
  from_hour int not null,
  to_hour int not null,
  closed_at timestamptz,
  constraint pickup_point_hours check (from_hour >= 0 and to_hour <= 24 and from_hour < to_hour)
);
create index pickup_point_producer on orders.pickup_point (producer_id, id) where closed_at is null;

alter table orders.sub_order
  add column pickup_place text,
  add column pickup_from timestamptz,
  add column pickup_until timestamptz,
  add constraint sub_order_pickup check ((pickup_place is null) = (pickup_from is null) and (pickup_from is null) = (pickup_until is null) and pickup_from < pickup_until and (pickup_place is null or shipping_vnd = 0));

-- What an invoice needs, as the buyer asks for it, and what the seller's invoice program says of it.
create table orders.invoice_request (
  id bigint generated always as identity constraint invoice_request_pk primary key,
  sub_order_id bigint not null constraint invoice_request_sub_order_fk references orders.sub_order constraint invoice_request_once unique,
  name text not null constraint invoice_request_name_length check (char_length(name) between 2 and 200),
  tax_code text not null default '',
  address text not null constraint invoice_request_address_length check (char_length(address) between 5 and 300),
  email text not null default '',
  personal_id text not null default '',
  status text not null constraint invoice_request_status check (status in ('requested', 'issued', 'adjusted', 'replaced')),
  symbol text not null default '',
  number text not null default '',
  lookup_code text not null default '',
  requested_at timestamptz not null,
  changed_at timestamptz not null,
  constraint invoice_request_issued check (status = 'requested' or (symbol <> '' and number <> ''))
);

-- A terminal's secret is changed while messages signed with the one before are on their way.
alter table payments.terminal
  add column former_secret text,
  add column former_until timestamptz,
  add constraint terminal_former check ((former_secret is null) = (former_until is null));
