-- Files of producers on their way in: what was sent, how each row was understood, what became of it.
create schema imports;

create table imports.import (
  id uuid constraint import_pk primary key,
  producer_id bigint not null constraint import_producer_fk references producers.producer,
  person_id bigint not null constraint import_person_fk references accounts.person,
  kind text not null constraint import_kind check (kind in ('', 'listings', 'lots', 'products', 'producers')),
  file_name text not null constraint import_file_name check (char_length(file_name) <= 200),
  file bytea constraint import_file_size check (octet_length(file) <= 5242880),
  state text not null constraint import_state check (state in ('checking', 'unreadable', 'checked', 'saving', 'saved', 'undoing', 'undone')),
  task_id uuid,
  sheet int not null default 0,
  heading_row int not null default 0,
  headings jsonb not null default '[]',
  notes jsonb not null default '[]',
  problem text,
  problem_args text[] not null default '{}',
  valid_only boolean not null default false,
  announced int not null default 0,
  refused int not null default 0,
  saved int not null default 0,
  kept int not null default 0,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  saved_at timestamptz,
  undone_at timestamptz,
  constraint import_saved check ((state in ('saved', 'undoing', 'undone')) = (saved_at is not null)),
  constraint import_counts check (saved_at is null or saved = announced)
);
create index import_producer on imports.import (producer_id, created_at desc, id desc);
create index import_person on imports.import (person_id);

-- One row a row of the file: texts by the name of their column. made is what came of it, beside is what came with it.
create table imports.line (
  import_id uuid not null constraint line_import_fk references imports.import on delete cascade,
  row int not null constraint line_row check (row > 0),
  cells jsonb not null,
  faults int not null default 0,
  twin int,
  made text,
  beside text,
  kept_because text,
  kept_args text[],
  constraint line_pk primary key (import_id, row)
);
create index line_faulty on imports.line (import_id, row) where faults > 0;
