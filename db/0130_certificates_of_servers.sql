-- The certificates that the site and its database show to whoever connects, and their last day: for the operator's screen.
create table supervision.server_certificate (
  address text constraint server_certificate_pk primary key,
  kind text not null constraint server_certificate_kind check (kind in ('site', 'database')),
  valid_until timestamptz not null,
  checked_at timestamptz not null
);
