-- Inspections in the field: planned, then written down once; a laboratory's result follows.
create table supervision.inspection (
  id bigint generated always as identity constraint inspection_pk primary key,
  producer_id bigint not null constraint inspection_producer_fk references producers.producer,
  growing_area_id uuid constraint inspection_growing_area_fk references producers.growing_area,
  lot_id bigint constraint inspection_lot_fk references origin.lot,
  planned_for date not null,
  purpose text not null constraint inspection_purpose_length check (char_length(purpose) <= 1000),
  follows_id bigint constraint inspection_follows_fk references supervision.inspection,
  planned_at timestamptz not null,
  planned_by bigint constraint inspection_planner_fk references accounts.person,
  done_on date,
  way text constraint inspection_way check (way in ('digital', 'paper')),
  checks jsonb not null default '{}' constraint inspection_checks check (jsonb_typeof(checks) = 'object'),
  conclusion text constraint inspection_conclusion check (conclusion in ('clear', 'mend', 'grave')),
  finding text constraint inspection_finding_length check (char_length(finding) between 10 and 2000),
  follow_up_on date,
  sample_what text not null default '' constraint inspection_sample_length check (char_length(sample_what) <= 300),
  picture_ids uuid[] not null default '{}',
  recorded_at timestamptz,
  recorded_by bigint constraint inspection_recorder_fk references accounts.person,
  sample_laboratory text,
  sample_result text,
  sample_exceeds boolean,
  sample_file_id uuid constraint inspection_sample_file_fk references files.stored_file,
  sampled_at timestamptz,
  sampled_by bigint constraint inspection_sampler_fk references accounts.person,
  cancelled_at timestamptz,
  cancelled_by bigint constraint inspection_canceller_fk references accounts.person,
  cancel_reason text,
  constraint inspection_subject check (growing_area_id is null or lot_id is null),
  constraint inspection_recorded check ((recorded_at is null) = (done_on is null) and (recorded_at is null) = (way is null) and (recorded_at is null) = (conclusion is null) and (recorded_at is null) = (finding is null)),
  constraint inspection_follow_up check (follow_up_on is null or follow_up_on > done_on),
  constraint inspection_sampled check ((sampled_at is null) = (sample_result is null) and (sampled_at is null) = (sample_laboratory is null) and (sampled_at is null) = (sample_exceeds is null) and (sampled_at is null or (recorded_at is not null and sample_what <> ''))),
  constraint inspection_cancelled check ((cancelled_at is null) = (cancel_reason is null) and (cancelled_at is null or recorded_at is null))
);
create index inspection_open on supervision.inspection (planned_for, id) where recorded_at is null and cancelled_at is null;
create index inspection_producer on supervision.inspection (producer_id, id desc);
create index inspection_done on supervision.inspection (done_on) where recorded_at is not null;

-- What was written down stays as it was; only the laboratory's result is added, once.
create function supervision.refuse_second_record() returns trigger language plpgsql set search_path = '' as $$
begin
  if old.cancelled_at is not null or old.sampled_at is not null
    or (old.recorded_at is not null and (to_jsonb(new) - array['sample_laboratory', 'sample_result', 'sample_exceeds', 'sample_file_id', 'sampled_at', 'sampled_by']) <> (to_jsonb(old) - array['sample_laboratory', 'sample_result', 'sample_exceeds', 'sample_file_id', 'sampled_at', 'sampled_by'])) then
    raise exception 'an inspection is written down once' using errcode = 'restrict_violation', constraint = 'inspection_once';
  end if;
  return new;
end $$;
create trigger inspection_once before update on supervision.inspection for each row execute function supervision.refuse_second_record();

-- What the public reads of it, handed down by Supervision: of a lot, of its growing area, or of its producer.
create table origin.inspection (
  number text constraint inspection_pk primary key,
  producer_id bigint not null constraint inspection_producer_fk references producers.producer,
  growing_area_id uuid constraint inspection_growing_area_fk references producers.growing_area,
  lot_id bigint constraint inspection_lot_fk references origin.lot,
  done_on date not null,
  conclusion text not null constraint inspection_conclusion check (conclusion in ('clear', 'mend', 'grave')),
  finding text not null,
  sample_what text not null,
  sample_laboratory text,
  sample_result text,
  sample_exceeds boolean,
  published_at timestamptz not null
);
create index inspection_producer on origin.inspection (producer_id, done_on desc);
