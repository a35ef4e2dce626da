-- What a platform said of our listings, read from the files that it gives its sellers: whether it took a listing, and what it sold of it.
create table exports.partner_result (
  profile_code text not null,
  listing_id bigint not null constraint partner_result_listing_fk references catalog.listing,
  status text not null constraint partner_result_status check (status in ('accepted', 'refused', 'waiting')),
  reason text not null constraint partner_result_reason check (char_length(reason) <= 500),
  platform_id text not null constraint partner_result_platform_id check (char_length(platform_id) <= 100),
  url text not null constraint partner_result_url check (url = '' or (url ~ '^https://' and char_length(url) <= 2000)),
  reported_at timestamptz not null,
  constraint partner_result_pk primary key (profile_code, listing_id)
);
create index partner_result_listing on exports.partner_result (listing_id);

-- A second report of the same period replaces the first.
create table exports.partner_sale (
  profile_code text not null,
  listing_id bigint not null constraint partner_sale_listing_fk references catalog.listing,
  from_on date not null,
  until_on date not null,
  orders int not null constraint partner_sale_orders check (orders >= 0),
  value_vnd bigint not null constraint partner_sale_value check (value_vnd >= 0),
  reported_at timestamptz not null,
  constraint partner_sale_pk primary key (profile_code, listing_id, from_on, until_on),
  constraint partner_sale_period check (until_on >= from_on)
);
create index partner_sale_listing on exports.partner_sale (listing_id);
