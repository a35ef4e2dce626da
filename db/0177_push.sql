-- What a platform's own program is told of our listings: what it is to have, and what it answered last. Nothing of a listing that is withdrawn there.
create table exports.push (
  profile_code text not null,
  listing_id bigint not null constraint push_listing_fk references catalog.listing,
  sku text not null,
  state text not null constraint push_state check (state in ('waiting', 'sent', 'refused', 'withdrawing', 'withdrawn')),
  payload text not null,
  print bytea not null,
  platform_id text not null constraint push_platform_id check (char_length(platform_id) <= 100),
  attempts int not null,
  next_at timestamptz,
  error text not null constraint push_error check (char_length(error) <= 500),
  asked_at timestamptz not null,
  answered_at timestamptz,
  constraint push_pk primary key (profile_code, listing_id),
  constraint push_open check ((next_at is not null) = (state in ('waiting', 'withdrawing')))
);
create index push_due on exports.push (profile_code, next_at) where next_at is not null;
create index push_listing on exports.push (listing_id);

-- A platform asked us to wait, or does not answer.
create table exports.push_pause (
  profile_code text constraint push_pause_pk primary key,
  until timestamptz not null,
  reason text not null constraint push_pause_reason check (char_length(reason) <= 500)
);
