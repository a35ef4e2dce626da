-- Trade names and other spellings of active ingredients that may not be used: a label seldom says the ingredient in its name.
create table origin.forbidden_name (
  name text not null constraint forbidden_name_pk primary key,
  input_code text not null constraint forbidden_name_input_fk references origin.input (code),
  source text not null
);
create index forbidden_name_input on origin.forbidden_name (input_code);
