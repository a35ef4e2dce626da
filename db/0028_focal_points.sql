-- Which part of a picture stays in view where a frame cuts it: one of nine cells, row by row; 4 is the middle.
alter table files.stored_file add column focus smallint not null default 4 constraint stored_file_focus check (focus between 0 and 8);
create index stored_file_focus_moved on files.stored_file (id) where focus <> 4;
