-- What people report: a label that we never issued, a lot or a listing that is not as its page says. One list, one queue.
alter table origin.unknown_code_report rename to problem_report;
alter table origin.problem_report rename constraint unknown_code_report_pk to problem_report_pk;
alter table origin.problem_report rename constraint unknown_code_report_note_length to problem_report_note_length;
alter table origin.problem_report rename constraint unknown_code_report_contact_length to problem_report_contact_length;
alter table origin.problem_report rename constraint unknown_code_report_handler_fk to problem_report_handler_fk;
alter sequence origin.unknown_code_report_id_seq rename to problem_report_id_seq;
alter table origin.problem_report
  add column subject text not null default 'label' constraint problem_report_subject check (subject in ('label', 'lot', 'listing')),
  add column matter text not null default 'unknown' constraint problem_report_matter check (matter in ('unknown', 'differs', 'quality', 'copied', 'wrong', 'other'));
alter table origin.problem_report alter column subject drop default, alter column matter drop default;
create index problem_report_code on origin.problem_report (code, reported_at);
