-- The page behind a label is made thousands of times a minute: what it says of an entry stands in the entry. When it was recorded and why it corrects another is copied from its event,
-- which never changes; that another corrects it is noted by the event of that one.
alter table origin.diary_entry
  add column recorded_at timestamptz,
  add column correction_reason text,
  add column corrected boolean not null default false;
alter table origin.diary_entry disable trigger diary_entry_only_worker_struck;
update origin.diary_entry d set recorded_at = e.recorded_at, correction_reason = e.correction_reason, corrected = exists (select 1 from origin.event x where x.corrects_id = e.id)
from origin.event e where e.id = d.event_id;
alter table origin.diary_entry enable trigger diary_entry_only_worker_struck;
alter table origin.diary_entry alter column recorded_at set not null;

create function origin.note_recording() returns trigger language plpgsql as $$
begin
  select e.recorded_at, e.correction_reason into new.recorded_at, new.correction_reason from origin.event e where e.id = new.event_id;
  return new;
end $$;
create trigger diary_entry_note_recording before insert on origin.diary_entry for each row execute function origin.note_recording();

create function origin.note_correction() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
  update origin.diary_entry set corrected = true where event_id = new.corrects_id;
  return null;
end $$;
create trigger event_note_correction after insert on origin.event for each row when (new.corrects_id is not null) execute function origin.note_correction();

-- Of an entry nothing changes but that its worker is struck, and that it was corrected.
create or replace function origin.refuse_diary_change() returns trigger
  language plpgsql as $$
begin
  if to_jsonb(new) - 'worker' - 'corrected' is not distinct from to_jsonb(old) - 'worker' - 'corrected'
    and (new.corrected = old.corrected and new.worker = '(đã xóa)' or new.corrected and not old.corrected and new.worker is not distinct from old.worker) then
    return new;
  end if;
  raise exception 'append-only: % of %.% is refused', lower(tg_op), tg_table_schema, tg_table_name
    using errcode = 'restrict_violation', constraint = tg_table_name || '_append_only';
end $$;
