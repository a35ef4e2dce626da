-- Goods of a return that the seller has again: how much of each lot went back on sale, how much is written off.
alter table orders.complaint add column taken_back_at timestamptz constraint complaint_taken_back check (taken_back_at is null or (kind = 'return' and status in ('accepted', 'settled')));
create table orders.returned_goods (
  complaint_id bigint not null constraint returned_goods_complaint_fk references orders.complaint,
  lot_id bigint not null constraint returned_goods_lot_fk references origin.lot,
  to_shelf boolean not null,
  quantity_base bigint not null constraint returned_goods_quantity check (quantity_base > 0),
  constraint returned_goods_pk primary key (complaint_id, lot_id, to_shelf)
);
create index returned_goods_lot on orders.returned_goods (lot_id);
