-- Rows that change what is there: what they were compared with, how many leave it as it is, and how many are asked about before they are saved.
alter table imports.import drop constraint import_kind, add constraint import_kind check (kind in ('', 'listings', 'lots', 'products', 'producers', 'changes')),
  add unchanged int not null default 0, add questions int not null default 0;
alter table imports.line add seen text;
