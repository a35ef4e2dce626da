-- What is sold by weight is weighed when it is packed: ordered, packed and charged stand apart. Nobody is charged more than was ordered.
alter table orders.line
  add column packed_base bigint constraint line_packed check (packed_base > 0),
  add column charged_vnd bigint constraint line_charged check (charged_vnd between 0 and total_vnd),
  add constraint line_packed_charged check ((packed_base is null) = (charged_vnd is null));
-- By how much the part is cheaper than ordered: given back where it was paid, not collected where it was not.
alter table orders.sub_order
  add column less_vnd bigint not null default 0 constraint sub_order_less check (less_vnd between 0 and goods_vnd);
