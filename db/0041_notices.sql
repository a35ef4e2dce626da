-- Delivery of messages: who works on one, how often it was tried, and what was refused for good.
alter table accounts.message
  add column attempts int not null default 0,
  add column claimed_until timestamptz,
  add column refused_at timestamptz,
  add column last_error text not null default '',
  add constraint message_ended_once check (sent_at is null or refused_at is null);
drop index accounts.message_unsent;
create index message_unsent on accounts.message (id) where sent_at is null and refused_at is null;
