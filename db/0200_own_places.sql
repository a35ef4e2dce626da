-- Goods that are of none of their producer's growing areas are of an area too, the place that the producer named as its own: the pre-harvest interval goes by area.
alter table producers.growing_area add column own_place boolean not null default false;
create unique index growing_area_own_place on producers.growing_area (producer_id) where own_place;
