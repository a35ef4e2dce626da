-- A promotion is a lower price for some days. What is charged stays in price_vnd, which everything reads: while a promotion runs it holds the promotion's price, and usual_vnd the one before it.
alter table catalog.listing
  add column usual_vnd bigint,
  add column sale_vnd bigint,
  add column sale_from timestamptz,
  add column sale_until timestamptz,
  add constraint listing_sale check (num_nonnulls(sale_vnd, sale_from, sale_until) in (0, 3) and sale_vnd >= 1000 and sale_until > sale_from and sale_vnd < coalesce(usual_vnd, price_vnd)),
  add constraint listing_sale_running check (usual_vnd is null or (sale_vnd is not null and price_vnd = sale_vnd));

-- Of a price that a promotion set: the one before it.
alter table catalog.listing_price add column usual_vnd bigint constraint listing_price_sale check (usual_vnd > price_vnd);
