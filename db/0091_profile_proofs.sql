-- A version of a profile is proved once a real platform took a file made with it: on which day, and what the platform answered.
create table exports.proof (
  profile_code text not null,
  version int not null,
  proved_on date not null,
  mark text not null constraint proof_mark check (mark <> ''),
  recorded_at timestamptz not null,
  constraint proof_pk primary key (profile_code, version),
  constraint proof_profile_fk foreign key (profile_code, version) references exports.profile (code, version)
);
create trigger proof_append_only before update or delete or truncate on exports.proof for each statement execute function foundation.refuse_change();
