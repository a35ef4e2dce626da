-- A recall of thousands of lots is opened as long work, which may run again from its beginning: under the key of its request it is opened once.
alter table origin.recall add column key uuid;
alter table origin.recall add constraint recall_key unique (key);
