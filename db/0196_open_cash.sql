-- Cash orders that are still to be handed over, for who counts what one buyer has open.
create index sub_order_open_cash on orders.sub_order (purchase_id) where method = 'cod' and status not in ('delivered', 'cancelled', 'expired');
