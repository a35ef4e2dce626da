-- Ways in beside the password: one-time codes, passkeys, recovery codes; sessions that end by themselves; who came in when.

-- public_id is what an authenticator keeps of a person: it says nothing and never changes.
-- A contact is proven once its owner typed a code that was sent there.
alter table accounts.person
  add column public_id uuid not null default gen_random_uuid(),
  add column email_proven_at timestamptz,
  add column phone_proven_at timestamptz,
  add constraint person_public_id_key unique (public_id);
update accounts.person set email_proven_at = case when email is not null then created_at end, phone_proven_at = case when phone is not null then created_at end;

-- A session ends idle_seconds after it was last used, and at ends_at in any case. confirmed_at: when its owner last proved again who they are.
alter table accounts.session
  add column id bigint generated always as identity,
  add column idle_seconds int not null default 43200,
  add column ends_at timestamptz,
  add column confirmed_at timestamptz,
  add constraint session_id_key unique (id);
update accounts.session set ends_at = expires_at;
alter table accounts.session alter column ends_at set not null, alter column idle_seconds drop default;

-- The code is bound to the secret that the form carries: this table alone opens nothing and names nobody.
create table accounts.one_time_code (
  token_hash bytea constraint one_time_code_pk primary key,
  purpose text not null,
  recipient_hash bytea not null,
  code_hash bytea not null,
  source text not null,
  tries int not null default 0,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index one_time_code_recipient on accounts.one_time_code (recipient_hash, created_at);
create index one_time_code_created on accounts.one_time_code (created_at);

create table accounts.recovery_code (
  person_id bigint not null constraint recovery_code_person_fk references accounts.person,
  number int not null constraint recovery_code_number check (number between 1 and 10),
  code_hash text not null,
  created_at timestamptz not null,
  used_at timestamptz,
  constraint recovery_code_pk primary key (person_id, number)
);

-- WebAuthn credentials (W3C, Level 3): public keys only.
create table accounts.passkey (
  credential_id bytea constraint passkey_pk primary key constraint passkey_id_length check (octet_length(credential_id) between 1 and 1023),
  person_id bigint not null constraint passkey_person_fk references accounts.person,
  name text not null constraint passkey_name_length check (char_length(name) between 1 and 60),
  public_key bytea not null,
  sign_count bigint not null,
  transports text[] not null,
  user_verified boolean not null,
  backup_eligible boolean not null,
  backed_up boolean not null,
  attestation_object bytea not null,
  client_data_json bytea not null,
  created_at timestamptz not null,
  used_at timestamptz
);
create index passkey_person on accounts.passkey (person_id, created_at);

-- What a passkey was asked, kept until it answers once.
create table accounts.passkey_challenge (
  token_hash bytea constraint passkey_challenge_pk primary key,
  state text not null,
  expires_at timestamptz not null
);

-- Who came in, from where (Nghị định 333/2026/NĐ-CP, Điều 16.6: account, time, address and source port, 12 months).
create table accounts.access (
  id bigint generated always as identity constraint access_pk primary key,
  person_id bigint not null constraint access_person_fk references accounts.person,
  at timestamptz not null,
  what text not null constraint access_what check (what in ('begin', 'end')),
  method text not null,
  ip inet,
  port int
);
create index access_person on accounts.access (person_id, id desc);
create index access_at on accounts.access (at);

-- A message about something short-lived is not sent after expires_at.
alter table accounts.message add column expires_at timestamptz;
