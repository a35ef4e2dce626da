-- Codes of single packages that are taken back: a label was lost, stolen or spoilt. The code stays taken, and its page says why.
alter table origin.item add column voided_at timestamptz,
  add column voided_as text constraint item_voided_as check (voided_as in ('seller', 'officer')),
  add column voided_by bigint constraint item_voider_fk references accounts.person,
  add column void_reason text constraint item_void_reason_length check (char_length(void_reason) between 5 and 500),
  add constraint item_voided check (num_nonnulls(voided_at, voided_as, void_reason) in (0, 3));
create index item_voided_of_series on origin.item (series_id, place) where voided_at is not null;
-- A scan of such a code is a lead.
alter table origin.scan_alert drop constraint scan_alert_rule, add constraint scan_alert_rule check (rule in ('many', 'far', 'sold_out', 'recalled', 'expired', 'voided'));
insert into origin.scan_rule (name, value) values ('voided', 1);
