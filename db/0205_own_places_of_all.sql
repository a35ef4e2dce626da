-- Who named growing areas has a place of their own beside them, for what is of none of these; it comes with the first from now on. It is where its producer is.
insert into producers.growing_area (id, producer_id, name, commune_code, created_at, own_place)
select gen_random_uuid(), r.id, 'Nơi cơ sở khai báo', r.commune_code, x.created_at, true
from producers.producer r cross join lateral (select min(a.created_at) as created_at from producers.growing_area a where a.producer_id = r.id) x
where x.created_at is not null and not exists (select 1 from producers.growing_area a where a.producer_id = r.id and a.own_place);
update producers.growing_area a set commune_code = r.commune_code from producers.producer r where r.id = a.producer_id and a.own_place and a.commune_code <> r.commune_code;
