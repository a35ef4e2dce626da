-- Keys by which programs come in: of a producer, made by its owner, or of the marketplace, made by an operator. Only a hash is kept.
create table producers.api_key (
  id bigint generated always as identity constraint api_key_pk primary key,
  code text not null constraint api_key_code_key unique,
  key_hash bytea not null constraint api_key_hash_key unique,
  producer_id bigint constraint api_key_producer_fk references producers.producer,
  label text not null,
  scopes text[] not null,
  per_minute int not null constraint api_key_per_minute check (per_minute between 1 and 6000),
  created_at timestamptz not null,
  created_by bigint constraint api_key_person_fk references accounts.person,
  expires_at timestamptz,
  revoked_at timestamptz,
  used_at timestamptz,
  constraint api_key_scopes check (cardinality(scopes) > 0 and scopes <@ array['listings:read', 'producers:read', 'orders:read', 'exports:run', 'epcis:capture', 'epcis:capture:any', 'epcis:query']),
  -- What is one's own needs somebody whose it is; what concerns everybody's is nobody's own.
  constraint api_key_whose check (case when producer_id is null then not scopes && array['orders:read', 'epcis:capture'] else not scopes && array['exports:run', 'epcis:capture:any'] end)
);
create index api_key_producer on producers.api_key (producer_id, id);
