-- Carts, orders, one sub-order per seller.
create schema orders;

create table orders.delivery_rate (
  producer_id bigint not null constraint delivery_rate_producer_fk references producers.producer,
  zone text not null constraint delivery_rate_zone check (zone in ('province', 'country')),
  up_to_g bigint not null constraint delivery_rate_weight check (up_to_g > 0),
  fee_vnd bigint not null constraint delivery_rate_fee check (fee_vnd >= 0),
  constraint delivery_rate_pk primary key (producer_id, zone, up_to_g)
);

create table orders.delivery_terms (
  producer_id bigint constraint delivery_terms_pk primary key constraint delivery_terms_producer_fk references producers.producer,
  ready_days int not null constraint delivery_terms_ready check (ready_days between 0 and 30),
  days_province int not null constraint delivery_terms_province check (days_province between 0 and 30),
  days_country int not null constraint delivery_terms_country check (days_country between 0 and 30),
  cod_limit_vnd bigint not null constraint delivery_terms_cod check (cod_limit_vnd >= 0)
);

create table orders.cart (
  token_hash bytea constraint cart_pk primary key,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  details jsonb not null default '{}'
);

create table orders.cart_line (
  token_hash bytea not null constraint cart_line_cart_fk references orders.cart on delete cascade,
  listing_id bigint not null constraint cart_line_listing_fk references catalog.listing,
  quantity int not null constraint cart_line_quantity check (quantity between 1 and 999),
  added_at timestamptz not null,
  constraint cart_line_pk primary key (token_hash, listing_id)
);

create table orders.purchase (
  id bigint generated always as identity constraint purchase_pk primary key,
  code text not null constraint purchase_code_key unique,
  token_hash bytea not null,
  form_key text not null constraint purchase_form_key unique,
  person_id bigint constraint purchase_person_fk references accounts.person,
  buyer_name text not null,
  buyer_phone text not null,
  province_code text not null constraint purchase_province_fk references foundation.province,
  commune_code text not null constraint purchase_commune_fk references foundation.commune,
  address_line text not null,
  note text not null default '',
  method text not null constraint purchase_method check (method in ('vnpay', 'cod')),
  language text not null constraint purchase_language check (language in ('vi', 'en')),
  total_vnd bigint not null constraint purchase_total check (total_vnd > 0),
  placed_at timestamptz not null
);
create index purchase_phone on orders.purchase (buyer_phone, id desc);

create table orders.sub_order (
  id bigint generated always as identity constraint sub_order_pk primary key,
  purchase_id bigint not null constraint sub_order_purchase_fk references orders.purchase,
  code text not null constraint sub_order_code_key unique,
  producer_id bigint not null constraint sub_order_producer_fk references producers.producer,
  status text not null constraint sub_order_status check (status in ('awaiting_payment', 'confirmed', 'packed', 'shipped', 'delivered', 'cancelled', 'expired', 'on_hold')),
  goods_vnd bigint not null constraint sub_order_goods check (goods_vnd > 0),
  shipping_vnd bigint not null constraint sub_order_shipping check (shipping_vnd >= 0),
  total_vnd bigint not null,
  method text not null constraint sub_order_method check (method in ('vnpay', 'cod')),
  deliver_by date,
  tracking text not null default '',
  changed_at timestamptz not null,
  constraint sub_order_sum check (total_vnd = goods_vnd + shipping_vnd),
  constraint sub_order_seller_once unique (purchase_id, producer_id)
);
create index sub_order_producer on orders.sub_order (producer_id, id desc);
create index sub_order_status_index on orders.sub_order (producer_id, status, id desc);

create table orders.line (
  id bigint generated always as identity constraint line_pk primary key,
  sub_order_id bigint not null constraint line_sub_order_fk references orders.sub_order,
  listing_id bigint not null constraint line_listing_fk references catalog.listing,
  listing_slug text not null,
  title text not null,
  sale_unit text not null,
  base_unit text not null,
  base_per_unit bigint not null,
  quantity int not null constraint line_quantity check (quantity > 0),
  unit_price_vnd bigint not null constraint line_price check (unit_price_vnd > 0),
  total_vnd bigint not null,
  constraint line_sum check (total_vnd = unit_price_vnd * quantity)
);
create index line_sub_order on orders.line (sub_order_id);

-- Which lots a line was filled from, so that a recall finds exactly its buyers.
create table orders.line_lot (
  line_id bigint not null constraint line_lot_line_fk references orders.line,
  lot_id bigint not null constraint line_lot_lot_fk references origin.lot,
  quantity_base bigint not null constraint line_lot_quantity check (quantity_base > 0),
  constraint line_lot_pk primary key (line_id, lot_id)
);
create index line_lot_lot on orders.line_lot (lot_id);

create table orders.status_change (
  id bigint generated always as identity constraint status_change_pk primary key,
  sub_order_id bigint not null constraint status_change_sub_order_fk references orders.sub_order,
  from_status text,
  to_status text not null,
  at timestamptz not null,
  person_id bigint constraint status_change_person_fk references accounts.person,
  note text not null default ''
);
create index status_change_sub_order on orders.status_change (sub_order_id, id);
create trigger status_change_append_only before update or delete or truncate on orders.status_change
  execute function foundation.refuse_change();
