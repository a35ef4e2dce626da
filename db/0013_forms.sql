-- What a sent form led to, so that the same form sent again (double click, back, lost answer) leads there too.
create table foundation.sent_form (
  key uuid not null,
  sender bytea not null,
  content bytea not null,
  begun_at timestamptz not null,
  ended_at timestamptz,
  location text,
  said text,
  constraint sent_form_pk primary key (key, sender),
  constraint sent_form_ended check ((ended_at is null) = (location is null))
);
create index sent_form_begun on foundation.sent_form (begun_at);

-- A form sent after the session had ended: sealed, kept for hours until its sender has signed in again.
create table accounts.kept_form (
  token_hash bytea constraint kept_form_pk primary key,
  person_id bigint constraint kept_form_person_fk references accounts.person,
  target text not null,
  content_type text not null,
  body bytea not null,
  kept_at timestamptz not null
);
create index kept_form_kept on accounts.kept_form (kept_at);
create index kept_form_person on accounts.kept_form (person_id);
