-- A recall names lots and reaches what became of them; whoever opened it, and what came back, stand in it.
alter table origin.recall
  add column opened_as text not null default 'officer' constraint recall_opened_as check (opened_as in ('officer', 'seller')),
  add column recovered_g bigint constraint recall_recovered_g check (recovered_g >= 0),
  add column destroyed_g bigint constraint recall_destroyed_g check (destroyed_g between 0 and recovered_g),
  add column recovered_pieces bigint constraint recall_recovered_pieces check (recovered_pieces >= 0),
  add column destroyed_pieces bigint constraint recall_destroyed_pieces check (destroyed_pieces between 0 and recovered_pieces);
alter table origin.recall_lot add column named boolean not null default true;

-- Who was told, and who said that they know.
create table orders.recall_notice (
  recall_id bigint not null constraint recall_notice_recall_fk references origin.recall,
  sub_order_id bigint not null constraint recall_notice_sub_order_fk references orders.sub_order,
  told_at timestamptz not null,
  acknowledged_at timestamptz,
  constraint recall_notice_pk primary key (recall_id, sub_order_id)
);
create index recall_notice_sub_order on orders.recall_notice (sub_order_id);
