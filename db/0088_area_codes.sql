-- What the code of a growing area is good for, and what officers found of it. Findings stay: a lot takes the state that held on its day of harvest.
alter table producers.growing_area
  add column scheme text constraint growing_area_scheme check (scheme in ('domestic', 'export')),
  add column markets text[] not null default '{}' constraint growing_area_markets check (markets <@ array['CN', 'US', 'AU', 'NZ', 'KR', 'JP', 'EU']),
  add column issued_on date,
  add column checked_at timestamptz,
  add constraint growing_area_terms_need_code check (code is not null or (scheme is null and cardinality(markets) = 0 and issued_on is null and checked_at is null)),
  add constraint growing_area_export_names_markets check (coalesce(scheme = 'export', false) = (cardinality(markets) > 0)),
  add constraint growing_area_export_names_crop check (scheme is distinct from 'export' or speciality_slug is not null);
create index growing_area_coded on producers.growing_area (created_at, id) where code is not null;

create table producers.growing_area_finding (
  id bigint generated always as identity constraint growing_area_finding_pk primary key,
  growing_area_id uuid not null constraint growing_area_finding_area_fk references producers.growing_area,
  status text not null constraint growing_area_finding_status check (status in ('active', 'suspended', 'revoked')),
  reason text not null,
  decided_at timestamptz not null,
  decided_by bigint constraint growing_area_finding_officer_fk references accounts.person
);
create index growing_area_finding_area on producers.growing_area_finding (growing_area_id, id);
create trigger growing_area_finding_append_only before update or delete or truncate on producers.growing_area_finding
  execute function foundation.refuse_change();
