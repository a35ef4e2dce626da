-- A producer has a place of its own from the beginning, whether it named growing areas or not: a second lot of the same field does not escape what the first one's diary says.
insert into producers.growing_area (id, producer_id, name, commune_code, created_at, own_place)
select gen_random_uuid(), r.id, 'Nơi cơ sở khai báo', r.commune_code, r.created_at, true from producers.producer r
where not exists (select 1 from producers.growing_area a where a.producer_id = r.id and a.own_place);

-- What was harvested by producers that named no area is of that place. Goods made of others are of none.
update origin.lot l set growing_area_id = a.id, growing_area_status = 'active'
from producers.growing_area a
where a.producer_id = l.producer_id and a.own_place and l.growing_area_id is null and l.harvested_on is not null
  and not exists (select 1 from producers.growing_area n where n.producer_id = l.producer_id and not n.own_place)
  and not exists (select 1 from origin.lot_output o where o.lot_id = l.id);
