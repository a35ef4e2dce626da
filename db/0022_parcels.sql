-- Parcels: the north of the country as a zone of its own, the days on which a seller makes parcels up, and the life of a part beyond the happy way.
-- The two tables of delivery are still those of orders where this runs for the first time, and already those of the catalog where it comes later.
set local search_path = catalog, orders;
alter table delivery_rate drop constraint delivery_rate_zone;
alter table delivery_rate add constraint delivery_rate_zone check (zone in ('province', 'north', 'country'));
insert into delivery_rate (producer_id, zone, up_to_g, fee_vnd)
  select producer_id, 'north', up_to_g, fee_vnd from delivery_rate where zone = 'country';

-- Fresh goods are harvested and packed on some days only; an order after the hour of the cut-off counts for the next day (24: none).
alter table delivery_terms
  add column days_north int constraint delivery_terms_north check (days_north between 0 and 30),
  add column cut_off_hour int not null default 24 constraint delivery_terms_cut_off check (cut_off_hour between 1 and 24),
  add column pack_days int[] not null default '{1,2,3,4,5,6,7}' constraint delivery_terms_pack_days check (cardinality(pack_days) between 1 and 7 and pack_days <@ '{1,2,3,4,5,6,7}');
update delivery_terms set days_north = days_country;
alter table delivery_terms alter column days_north set not null;

alter table orders.sub_order drop constraint sub_order_status;
alter table orders.sub_order
  add constraint sub_order_status check (status in ('awaiting_payment', 'confirmed', 'packed', 'shipped', 'failed', 'delivered', 'cancelled', 'expired', 'on_hold')),
  add column carrier text not null default '';
-- Whose step it was: buyer, seller, payment or recall; empty for steps of before.
alter table orders.status_change add column by_role text not null default '';
