-- The page of a lot tells of an inspection how many points were looked at and met, when somebody comes again, and shows its photos where the officer made them public.
alter table origin.inspection
  add column points_seen int not null default 0,
  add column points_met int not null default 0,
  add column follow_up_on date,
  add column picture_ids uuid[] not null default '{}';
update origin.inspection o set follow_up_on = i.follow_up_on, points_seen = (select count(*) from jsonb_each_text(i.checks)), points_met = (select count(*) from jsonb_each_text(i.checks) c where c.value = 'met')
from supervision.inspection i where 'KT-' || i.id = o.number;
alter table origin.inspection add constraint inspection_points check (points_met between 0 and points_seen);
alter table supervision.inspection add column pictures_public boolean not null default false;
