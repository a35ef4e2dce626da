-- What a sent form was told is sealed from now on: it may be a password link or a key that is shown once.
update foundation.sent_form set said = null where said is not null;

-- A problem reported twice with the same words from the same network within the hour is one report. Forgotten after the hour.
alter table origin.problem_report add column repeat_mark bytea constraint problem_report_repeat unique;
