-- The name under which the history of lots speaks of an order: it leads to nobody, and nobody finds the order by it.
alter table orders.sub_order add column trade_key uuid not null default gen_random_uuid() constraint sub_order_trade_key_key unique;
