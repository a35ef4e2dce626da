-- Every price that a listing ever had.
create table catalog.listing_price (
  listing_id bigint not null constraint listing_price_listing_fk references catalog.listing,
  no int not null constraint listing_price_no check (no > 0),
  at timestamptz not null,
  price_vnd bigint not null,
  person_id bigint constraint listing_price_person_fk references accounts.person,
  constraint listing_price_pk primary key (listing_id, no)
);
create trigger listing_price_append_only before update or delete or truncate on catalog.listing_price
  execute function foundation.refuse_change();
insert into catalog.listing_price (listing_id, no, at, price_vnd) select id, 1, created_at, price_vnd from catalog.listing;
