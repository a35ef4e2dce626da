-- What a platform calls our categories, where an operator said so: it comes before what the platform's profile says, and outlives the profile's versions.
create table exports.category_map (
  profile_code text not null,
  lookup text not null,
  category_slug text not null constraint category_map_category_fk references producers.category,
  value text not null constraint category_map_value check (char_length(value) between 1 and 200),
  constraint category_map_pk primary key (profile_code, lookup, category_slug)
);
