-- People, what they may do, where they are signed in, what was decided, what was told to them.
create schema accounts;

create table accounts.person (
  id bigint generated always as identity constraint person_pk primary key,
  email text constraint person_email_key unique,
  phone text constraint person_phone_key unique,
  name text not null constraint person_name_length check (char_length(name) between 1 and 120),
  password_hash text,
  security_stamp text not null,
  totp_secret text,
  totp_last_step bigint,
  second_factor_demanded boolean not null default true,
  is_sample boolean not null default false,
  created_at timestamptz not null,
  disabled_at timestamptz,
  constraint person_reachable check (email is not null or phone is not null),
  constraint person_email_folded check (email = lower(email))
);

create table accounts.person_role (
  person_id bigint not null constraint person_role_person_fk references accounts.person,
  role text not null constraint person_role_word check (role in ('buyer', 'seller', 'officer', 'operator')),
  constraint person_role_pk primary key (person_id, role)
);

-- The cookie carries a random number; only its hash is kept here, so a copy of this table opens nothing.
create table accounts.session (
  token_hash bytea constraint session_pk primary key,
  person_id bigint not null constraint session_person_fk references accounts.person,
  ticket bytea not null,
  created_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null,
  user_agent text not null default '',
  ip inet
);
create index session_person on accounts.session (person_id);
create index session_expiry on accounts.session (expires_at);

-- Failures are counted per account and per place they come from, so a stranger's tries never lock the owner out.
create table accounts.sign_in_failure (
  id bigint generated always as identity constraint sign_in_failure_pk primary key,
  sign_in_hash bytea not null,
  source text not null,
  failed_at timestamptz not null
);
create index sign_in_failure_recent on accounts.sign_in_failure (sign_in_hash, source, failed_at);
create index sign_in_failure_source on accounts.sign_in_failure (source, failed_at);

create table accounts.one_time_link (
  token_hash bytea constraint one_time_link_pk primary key,
  person_id bigint not null constraint one_time_link_person_fk references accounts.person,
  purpose text not null constraint one_time_link_purpose check (purpose in ('set-password')),
  expires_at timestamptz not null,
  used_at timestamptz
);

create table accounts.audit (
  id bigint generated always as identity constraint audit_pk primary key,
  at timestamptz not null,
  actor_id bigint constraint audit_actor_fk references accounts.person,
  actor_role text not null,
  action text not null,
  subject text not null,
  reason text,
  detail jsonb not null default '{}'
);
create index audit_subject on accounts.audit (subject, id desc);
create index audit_action on accounts.audit (action, id desc);
create trigger audit_append_only before update or delete or truncate on accounts.audit
  execute function foundation.refuse_change();

-- Mail and text messages to people: written with the change they tell of, sent afterwards, one per key.
create table accounts.message (
  id bigint generated always as identity constraint message_pk primary key,
  key text not null constraint message_key unique,
  channel text not null constraint message_channel check (channel in ('email', 'sms')),
  recipient text not null,
  subject text not null,
  body text not null,
  created_at timestamptz not null,
  sent_at timestamptz
);
create index message_unsent on accounts.message (id) where sent_at is null;

-- Keys that cookies and stored secrets are protected with, shared by all instances.
create table accounts.data_protection_key (
  id bigint generated always as identity constraint data_protection_key_pk primary key,
  friendly_name text not null,
  xml text not null,
  created_at timestamptz not null default now()
);
