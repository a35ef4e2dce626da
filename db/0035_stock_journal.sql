-- Every change of a lot's stock leaves a movement, written by the database itself: what is shown is always what the movements add up to.
-- The statement that changes the stock counts the movement and says when, for what and by whom; one that does not is refused.
alter table catalog.lot_stock
  add column movements int not null default 0,
  add column moved_at timestamptz not null default now(),
  add column moved_for text not null default 'opening',
  add column moved_note text not null default '',
  add column moved_by bigint constraint lot_stock_mover_fk references accounts.person;

create table catalog.stock_movement (
  lot_id bigint not null constraint stock_movement_lot_fk references catalog.lot_stock,
  no int not null constraint stock_movement_no check (no > 0),
  at timestamptz not null,
  moved_for text not null,
  note text not null,
  person_id bigint constraint stock_movement_person_fk references accounts.person,
  supplied bigint not null,
  available bigint not null,
  held bigint not null,
  sold bigint not null,
  written_off bigint not null,
  available_after bigint not null,
  constraint stock_movement_pk primary key (lot_id, no),
  constraint stock_movement_balance check (supplied = available + held + sold + written_off)
);
create trigger stock_movement_append_only before update or delete or truncate on catalog.stock_movement
  execute function foundation.refuse_change();

update catalog.lot_stock set movements = 1;
insert into catalog.stock_movement (lot_id, no, at, moved_for, note, supplied, available, held, sold, written_off, available_after)
  select lot_id, 1, moved_at, moved_for, '', supplied, available, held, sold, written_off, available from catalog.lot_stock;

create function catalog.note_movement() returns trigger language plpgsql as $$
declare before catalog.lot_stock;
begin
  if tg_op = 'UPDATE' then
    if (new.supplied, new.available, new.held, new.sold, new.written_off) is not distinct from (old.supplied, old.available, old.held, old.sold, old.written_off) then
      return null;
    end if;
    before := old;
  end if;
  if new.movements is distinct from coalesce(before.movements, 0) + 1 then
    raise exception 'stock of lot % changes without its movement', new.lot_id using errcode = 'check_violation', constraint = 'lot_stock_movements';
  end if;
  insert into catalog.stock_movement (lot_id, no, at, moved_for, note, person_id, supplied, available, held, sold, written_off, available_after)
  values (new.lot_id, new.movements, new.moved_at, new.moved_for, new.moved_note, new.moved_by,
    new.supplied - coalesce(before.supplied, 0), new.available - coalesce(before.available, 0), new.held - coalesce(before.held, 0),
    new.sold - coalesce(before.sold, 0), new.written_off - coalesce(before.written_off, 0), new.available);
  return null;
end $$;
create trigger lot_stock_note_movement after insert or update on catalog.lot_stock
  for each row execute function catalog.note_movement();
