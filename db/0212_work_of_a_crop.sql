-- What is usually done is known crop by crop: mango is bagged, tea is plucked, honey is extracted. A product is of a crop by its speciality, else by a word of its name; work without a crop is that of its category's other products.
create table origin.diary_crop (
  crop text constraint diary_crop_pk primary key,
  category_slug text not null constraint diary_crop_category_fk references producers.category,
  specialities text[] not null,
  words text[] not null
);
alter table origin.diary_template add column crop text constraint diary_template_crop_fk references origin.diary_crop;
create index diary_template_work on origin.diary_template (coalesce(crop, category_slug), sort);
create index diary_template_category on origin.diary_template (category_slug);

create view origin.product_crop as
select p.id as product_id, coalesce(c.crop, p.category_slug) as work
from producers.product p left join lateral (
  select k.crop from origin.diary_crop k left join lateral (
    select max(length(w)) as longest from unnest(k.words) w where ' ' || lower(p.name collate "vi-x-icu") || ' ' like '% ' || w || ' %') n on true
  where k.category_slug = p.category_slug and (p.speciality_slug = any(k.specialities) or n.longest is not null)
  order by p.speciality_slug = any(k.specialities) desc nulls last, n.longest desc nulls last, k.crop limit 1) c on true;
