-- Which browser placed an order, as a hash: how many goods one buyer keeps from others without having paid has a limit.
alter table orders.purchase add column placed_from bytea;
create index sub_order_awaiting on orders.sub_order (purchase_id) where status = 'awaiting_payment';
