-- What an officer found is of the code that the growing area had then: of a code given later it says nothing. Which one it was stands in what its producer changed first after the finding, else it is the present one.
alter table producers.growing_area_finding add column code text;
alter table producers.growing_area_finding disable trigger growing_area_finding_append_only;
update producers.growing_area_finding f set code = coalesce(
  (select c.detail->'from'->>'Code' from accounts.audit c where c.subject = 'growing-area:' || f.growing_area_id and c.action = 'growing-area.change' and c.at >= f.decided_at order by c.id limit 1), a.code, '')
from producers.growing_area a where a.id = f.growing_area_id;
alter table producers.growing_area_finding enable trigger growing_area_finding_append_only;
alter table producers.growing_area_finding alter column code set not null;

-- What blocks a lot that its producer took back ended with it; a recall's block goes with the recall.
update origin.lot_block b set lifted_at = greatest(l.taken_back_at, b.blocked_at), lift_reason = 'taken-back'
from origin.lot l where l.id = b.lot_id and l.taken_back_at is not null and b.lifted_at is null and b.cause <> 'recall';
