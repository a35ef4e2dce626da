-- A run goes through the states of an export: it waits its turn, its listings are read, all rows are checked, its files are there, a platform took one, a platform answered; or it failed.
alter table exports.run
  add column asked_at timestamptz not null default now(),
  add column validated_at timestamptz,
  add column delivered_at timestamptz,
  add column acknowledged_at timestamptz,
  add column listings_read int not null default 0,
  add column listings_total int,
  add column unchanged int generated always as (exported - added - changed) stored;
update exports.run set asked_at = started_at;
alter table exports.run
  alter column started_at drop not null,
  drop constraint run_state,
  add constraint run_state check (state in ('queued', 'building', 'validated', 'written', 'delivered', 'acknowledged', 'failed')),
  add constraint run_started check (started_at is not null or state in ('queued', 'failed')),
  add constraint run_delivered check ((delivered_at is not null) = (state in ('delivered', 'acknowledged'))),
  add constraint run_acknowledged check ((acknowledged_at is not null) = (state = 'acknowledged'));
-- The newest version of each profile, by which the next files are made.
create view exports.newest_profile as
  select f.code, f.version, f.name, case when p.version is null then f.status else 'proved' end as status, p.proved_on, f.author, f.note, f.created_at, f.definition,
    array(select e.format from jsonb_array_elements_text(f.definition->'formats') with ordinality as e (format, place) order by e.place) as formats
  from exports.profile f left join exports.proof p on p.profile_code = f.code and p.version = f.version
  where f.version = (select max(v.version) from exports.profile v where v.code = f.code);
-- The last run of each profile whose files are there.
create view exports.newest_run as
  select distinct on (r.profile_code) r.profile_code, r.id, r.profile_version, r.state, r.set_aside, r.finished_at
  from exports.run r where r.state in ('written', 'delivered', 'acknowledged') order by r.profile_code, r.id desc;
