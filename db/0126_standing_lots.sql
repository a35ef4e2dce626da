-- A lot may be opened while its crop still stands: its diary then says when it was harvested, and how much. What was opened with a day to come was such a lot already.
alter table origin.lot
  add column opened_standing boolean not null default false,
  -- The day that the producer expects to harvest it.
  add column planned_on date constraint lot_planned check (planned_on is null or opened_standing);

update origin.lot l set opened_standing = true, planned_on = l.harvested_on, harvest_until = null,
  harvested_on = (select min(d.done_on) from origin.diary_entry d where d.lot_id = l.id and d.kind = 'harvest' and not exists (select 1 from origin.event e where e.corrects_id = d.event_id))
where l.harvested_on > (now() at time zone 'Asia/Ho_Chi_Minh')::date and l.used_base = 0 and l.shelved_base = 0;

-- Why a lot is blocked names the first day on which it might have been harvested.
update origin.lot_block set
  note = replace(note, 'ngày {2}: sớm hơn thời gian cách ly {3} ngày.', 'ngày {2}: sớm hơn thời gian cách ly {3} ngày. Thu hoạch sớm nhất: {5}.'),
  note_args = note_args || to_char(to_date(note_args[2], 'DD/MM/YYYY') + note_args[4]::int, 'DD/MM/YYYY')
where cause = 'interval' and cardinality(note_args) = 5 and note_args[4] <> '';

-- Of one day the field comes first, then what is done with the goods, in its order, whenever each was written down.
create function origin.diary_stage(kind text) returns integer language sql immutable parallel safe as
  $$ select case kind when 'harvest' then 1 when 'handling' then 2 when 'packing' then 3 when 'storage' then 4 when 'shipping' then 5 else 0 end $$;

drop index origin.diary_entry_lot;
create index diary_entry_lot on origin.diary_entry (lot_id, done_on, origin.diary_stage(kind), event_id);
