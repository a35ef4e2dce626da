-- What laboratories found in a lot, as its producer hands it in: the report's photo stands beside what was typed. What exceeds a limit blocks the lot.
create table origin.lab_report (
  -- The event that tells of it in the lot's history.
  id uuid constraint lab_report_pk primary key constraint lab_report_event_fk references origin.event,
  lot_id bigint not null constraint lab_report_lot_fk references origin.lot,
  laboratory text not null constraint lab_report_laboratory_length check (char_length(laboratory) between 2 and 160),
  number text not null constraint lab_report_number_length check (char_length(number) between 1 and 80),
  issued_on date not null,
  tested text not null constraint lab_report_tested_length check (char_length(tested) between 2 and 200),
  result text not null constraint lab_report_result_length check (char_length(result) between 2 and 500),
  exceeds boolean not null,
  picture_ids uuid[] not null constraint lab_report_photographed check (cardinality(picture_ids) between 1 and 8),
  -- A report that was typed wrongly or handed in for another lot is told no more; a block that it caused stays.
  withdrawn_at timestamptz,
  withdraw_reason text constraint lab_report_withdraw_reason_length check (char_length(withdraw_reason) between 5 and 300),
  constraint lab_report_withdrawn check ((withdrawn_at is null) = (withdraw_reason is null))
);
create unique index lab_report_once on origin.lab_report (lot_id, laboratory, number) where withdrawn_at is null;

alter table origin.lot_block drop constraint lot_block_cause;
alter table origin.lot_block add constraint lot_block_cause check (cause in ('interval', 'recall', 'officer', 'test'));
