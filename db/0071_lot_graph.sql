-- What became of lots: steps that take from lots and make new ones. Input and output of a step are the edges of the graph.
alter table origin.lot
  add column used_base bigint not null default 0 constraint lot_used check (used_base >= 0),
  add column shelved_base bigint not null default 0 constraint lot_shelved check (shelved_base >= 0);
update origin.lot l set shelved_base = s.supplied from catalog.lot_stock s where s.lot_id = l.id;
-- What went into other lots and what was put up for sale can never be more than there was.
alter table origin.lot add constraint lot_not_overdrawn check (used_base + shelved_base <= quantity_base);

create table origin.lot_step (
  id uuid constraint lot_step_pk primary key constraint lot_step_event_fk references origin.event,
  producer_id bigint not null constraint lot_step_producer_fk references producers.producer,
  kind text not null constraint lot_step_kind check (kind in ('split', 'merge', 'drying', 'roasting', 'processing', 'packing', 'aggregation')),
  done_on date not null,
  note text not null default '' constraint lot_step_note_length check (char_length(note) <= 500),
  flagged boolean not null,
  recorded_at timestamptz not null
);
create index lot_step_flagged on origin.lot_step (recorded_at desc, id) where flagged;

create table origin.lot_input (
  step_id uuid not null constraint lot_input_step_fk references origin.lot_step,
  lot_id bigint not null constraint lot_input_lot_fk references origin.lot,
  quantity_base bigint not null constraint lot_input_quantity check (quantity_base > 0),
  constraint lot_input_pk primary key (step_id, lot_id)
);
create index lot_input_lot on origin.lot_input (lot_id, step_id);

create table origin.lot_output (
  step_id uuid not null constraint lot_output_step_fk references origin.lot_step,
  lot_id bigint not null constraint lot_output_lot_fk references origin.lot,
  quantity_base bigint not null constraint lot_output_quantity check (quantity_base > 0),
  constraint lot_output_pk primary key (step_id, lot_id)
);
create index lot_output_lot on origin.lot_output (lot_id, step_id);

create trigger lot_step_append_only before update or delete or truncate on origin.lot_step execute function foundation.refuse_change();
create trigger lot_input_append_only before update or delete or truncate on origin.lot_input execute function foundation.refuse_change();
create trigger lot_output_append_only before update or delete or truncate on origin.lot_output execute function foundation.refuse_change();
