-- Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15 and Nghị định 356/2025/NĐ-CP: consents that can be proved, requests with their clocks, erasing.

-- The row of an erased person stays as a number, so that what the law keeps still says that it was one and the same somebody.
alter table accounts.person
  add column erased_at timestamptz,
  drop constraint person_reachable,
  add constraint person_reachable check (email is not null or phone is not null or erased_at is not null),
  add constraint person_erased check (erased_at is null or (email is null and phone is null and password_hash is null and totp_secret is null and disabled_at is not null));

-- One row for each yes and each no: the newest of a purpose counts, the older ones prove what held before.
create table accounts.consent (
  id bigint generated always as identity constraint consent_pk primary key,
  person_id bigint not null constraint consent_person_fk references accounts.person,
  purpose text not null,
  given boolean not null,
  text_version text not null,
  text_hash text not null,
  channel text not null,
  at timestamptz not null
);
create index consent_person on accounts.consent (person_id, purpose, id desc);
create trigger consent_append_only before update or delete or truncate on accounts.consent
  execute function foundation.refuse_change();

-- Asked by the owner of an account, or by a guest with an order. answer_by and due_on are the law's days (Nghị định 356/2025/NĐ-CP, Điều 5).
create table accounts.data_request (
  id bigint generated always as identity constraint data_request_pk primary key,
  code text not null constraint data_request_code_key unique,
  person_id bigint constraint data_request_person_fk references accounts.person,
  purchase_code text,
  contact text not null default '',
  kind text not null constraint data_request_kind check (kind in ('see', 'correct', 'copy', 'withdraw', 'restrict', 'object', 'erase')),
  wish text not null constraint data_request_wish_length check (char_length(wish) <= 2000),
  opened_at timestamptz not null,
  answer_by date not null,
  due_on date not null,
  answered_at timestamptz,
  closed_at timestamptz,
  outcome text constraint data_request_outcome check (outcome in ('done', 'refused')),
  answer text not null default '' constraint data_request_answer_length check (char_length(answer) <= 2000),
  handled_by bigint constraint data_request_handler_fk references accounts.person,
  constraint data_request_whose check ((person_id is null) <> (purchase_code is null)),
  constraint data_request_closed check ((closed_at is null) = (outcome is null) and (outcome is distinct from 'refused' or char_length(answer) >= 10))
);
create index data_request_open on accounts.data_request (due_on, id) where closed_at is null;
create index data_request_person on accounts.data_request (person_id, id desc);

-- The diary is a history; only the name of a worker who has asked for it can be struck out, by this function and nothing else.
drop trigger diary_entry_append_only on origin.diary_entry;
create trigger diary_entry_append_only before delete or truncate on origin.diary_entry
  execute function foundation.refuse_change();
create function origin.refuse_diary_change() returns trigger
  language plpgsql as $$
begin
  if to_jsonb(new) - 'worker' is distinct from to_jsonb(old) - 'worker' or new.worker is distinct from '(đã xóa)' then
    raise exception 'append-only: % of %.% is refused', lower(tg_op), tg_table_schema, tg_table_name
      using errcode = 'restrict_violation', constraint = tg_table_name || '_append_only';
  end if;
  return new;
end $$;
create trigger diary_entry_only_worker_struck before update on origin.diary_entry
  for each row execute function origin.refuse_diary_change();
create function origin.strike_worker(entries uuid[]) returns int
  language sql security definer set search_path = pg_catalog
  as $$
    with struck as (update origin.diary_entry set worker = '(đã xóa)' where event_id = any(entries) and worker is not null returning 1)
    select count(*)::int from struck
  $$;
