-- Cash that a recall stopped is not on its way.
drop index orders.sub_order_open_cash;
create index sub_order_open_cash on orders.sub_order (purchase_id) where method = 'cod' and status not in ('delivered', 'cancelled', 'expired', 'on_hold');
-- The purchases of one account and of one browser, for who counts what one buyer has open.
create index purchase_person on orders.purchase (person_id, id desc) where person_id is not null;
create index purchase_placed_from on orders.purchase (placed_from) where placed_from is not null;
