-- A version of a profile says who wrote it, and stays as it was written: what a run was made from can be read later.
alter table exports.profile add column author text not null default 'SonLaMarket';
alter table exports.profile alter column author drop default;
create trigger profile_append_only before update or delete or truncate on exports.profile for each statement execute function foundation.refuse_change();
