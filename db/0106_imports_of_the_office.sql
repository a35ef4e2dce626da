-- A file of producers belongs to none of them: it is the operators'.
alter table imports.import alter column producer_id drop not null;
