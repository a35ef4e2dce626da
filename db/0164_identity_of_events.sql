-- The hash of an event's document is what names it. Every document carries the key of its own event, so that two of the same words are two;
-- a declaration that an event was wrong repeats its content and has its hash. Events that were written alike before are numbered.
alter table origin.event add column twin int not null default 0;
alter table origin.event disable trigger event_append_only;
update origin.event e set twin = t.n
from (select id, row_number() over (partition by event_hash, document ? 'errorDeclaration' order by recorded_at, id) - 1 as n from origin.event) t where t.id = e.id and t.n > 0;
alter table origin.event enable trigger event_append_only;
create unique index event_identity on origin.event (event_hash, (document ? 'errorDeclaration'), twin);

-- The graph holds the steps that stand. One that was recorded wrongly and declared so leaves it: what it took from and what it made stay here, beside both events.
create table origin.voided_step (
  step_id uuid not null constraint voided_step_step_fk references origin.lot_step,
  lot_id bigint not null constraint voided_step_lot_fk references origin.lot,
  declared_id uuid not null constraint voided_step_declared_fk references origin.event,
  made boolean not null,
  quantity_base bigint not null,
  constraint voided_step_pk primary key (step_id, lot_id, made)
);
create index voided_step_lot on origin.voided_step (lot_id);
create trigger voided_step_append_only before update or delete or truncate on origin.voided_step execute function foundation.refuse_change();

drop trigger lot_input_append_only on origin.lot_input;
drop trigger lot_output_append_only on origin.lot_output;
create trigger lot_input_append_only before update or truncate on origin.lot_input execute function foundation.refuse_change();
create trigger lot_output_append_only before update or truncate on origin.lot_output execute function foundation.refuse_change();
create function origin.refuse_edge_removal() returns trigger
  language plpgsql as $$
begin
  if tg_level = 'STATEMENT' and current_setting('origin.voiding', true) = 'on' then
    return null;
  elsif tg_level = 'ROW' and exists (select 1 from origin.voided_step v where v.step_id = old.step_id and v.lot_id = old.lot_id and v.made = (tg_table_name = 'lot_output')) then
    return old;
  end if;
  raise exception 'append-only: % of %.% is refused', lower(tg_op), tg_table_schema, tg_table_name
    using errcode = 'restrict_violation', constraint = tg_table_name || '_append_only';
end $$;
create trigger lot_input_only_by_voiding before delete on origin.lot_input execute function origin.refuse_edge_removal();
create trigger lot_output_only_by_voiding before delete on origin.lot_output execute function origin.refuse_edge_removal();
create trigger lot_input_only_voided before delete on origin.lot_input for each row execute function origin.refuse_edge_removal();
create trigger lot_output_only_voided before delete on origin.lot_output for each row execute function origin.refuse_edge_removal();

-- Declares a step wrong: its edges move. The event that says so is there already.
create function origin.void_step(step uuid, declared uuid) returns void
  language sql security definer set search_path = pg_catalog set origin.voiding = 'on'
  as $$
    insert into origin.voided_step (step_id, lot_id, declared_id, made, quantity_base)
    select x.step_id, x.lot_id, e.id, x.made, x.quantity_base
    from origin.event e join (select i.step_id, i.lot_id, false as made, i.quantity_base from origin.lot_input i union all select o.step_id, o.lot_id, true, o.quantity_base from origin.lot_output o) x on x.step_id = e.corrects_id
    where e.id = declared and e.corrects_id = step and e.document ? 'errorDeclaration';
    delete from origin.lot_input where step_id = step;
    delete from origin.lot_output where step_id = step;
  $$;
