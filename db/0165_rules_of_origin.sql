-- A rule may open recalls by itself where the Department has turned that on; it proposes them otherwise.
create table supervision.recall_rule (
  rule text constraint recall_rule_pk primary key constraint recall_rule_word check (rule in ('sample', 'interval')),
  opens boolean not null default false,
  changed_at timestamptz,
  changed_by bigint constraint recall_rule_officer_fk references accounts.person
);
insert into supervision.recall_rule (rule) values ('sample'), ('interval');
alter table origin.recall drop constraint recall_opened_as;
alter table origin.recall add constraint recall_opened_as check (opened_as in ('officer', 'seller', 'rule'));

-- How many packages of a series were scanned is asked of every series that a recall reaches.
create index item_scanned_of_series on origin.item (series_id) where first_scanned_at is not null;

-- A block that only waits for the photo of a label, whose interval was kept, ends with the photo; nothing else ends without an officer.
alter table origin.lot_block add column awaits_photo boolean not null default false;
update origin.lot_block b set awaits_photo = true
from origin.diary_entry d where d.event_id = b.event_id and b.cause = 'interval' and b.lifted_at is null and d.interval_source = 'label' and d.label_picture_id is not null
  and not exists (select 1 from files.stored_file f where f.id = d.label_picture_id);
update origin.lot_block set awaits_photo = true where lift_reason = 'label-photo';

-- What the diary says was harvested of a lot, where it weighs every harvest: who claims more is asked.
alter table origin.lot add column harvested_g bigint;
update origin.lot l set harvested_g = h.grams
from (select d.lot_id, sum(d.quantity_g)::bigint as grams from origin.diary_entry d where d.kind = 'harvest' and not exists (select 1 from origin.event e where e.corrects_id = d.event_id)
      group by d.lot_id having bool_and(d.quantity_g is not null)) h where h.lot_id = l.id;
create index lot_over_diary on origin.lot (id desc) where base_unit = 'g' and quantity_base > harvested_g;
