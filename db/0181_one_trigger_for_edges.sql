-- The edges of a step leave the graph by void_step alone: while it runs its setting is on, else nothing of them changes.
drop trigger lot_input_append_only on origin.lot_input;
drop trigger lot_input_only_by_voiding on origin.lot_input;
drop trigger lot_input_only_voided on origin.lot_input;
drop trigger lot_output_append_only on origin.lot_output;
drop trigger lot_output_only_by_voiding on origin.lot_output;
drop trigger lot_output_only_voided on origin.lot_output;
drop function origin.refuse_edge_removal();
create trigger lot_input_append_only before update or delete or truncate on origin.lot_input
  when (current_setting('origin.voiding', true) is distinct from 'on') execute function foundation.refuse_change();
create trigger lot_output_append_only before update or delete or truncate on origin.lot_output
  when (current_setting('origin.voiding', true) is distinct from 'on') execute function foundation.refuse_change();

-- Declares a step wrong: its edges move. The event that says so is there already; without it nothing moves.
create or replace function origin.void_step(step uuid, declared uuid) returns void
  language sql security definer set search_path = pg_catalog set origin.voiding = 'on'
  as $$
    with event as (select e.id from origin.event e where e.id = declared and e.corrects_id = step and e.document ? 'errorDeclaration'),
    taken as (delete from origin.lot_input i using event e where i.step_id = step returning i.step_id, i.lot_id, e.id as declared_id, false as made, i.quantity_base),
    made as (delete from origin.lot_output o using event e where o.step_id = step returning o.step_id, o.lot_id, e.id as declared_id, true as made, o.quantity_base)
    insert into origin.voided_step (step_id, lot_id, declared_id, made, quantity_base)
    select step_id, lot_id, declared_id, made, quantity_base from taken union all select step_id, lot_id, declared_id, made, quantity_base from made;
  $$;

-- Events of before carry no key and some are alike; those that carry theirs are named by their hash. A declaration that one was wrong has its hash, too.
alter table origin.event drop column twin;
create unique index event_identity on origin.event (event_hash, (document ? 'errorDeclaration')) where document ? 'slm:entry';
