-- Who may act for a producer: its members, each with a role, and helpers of community digital teams whom it let.
alter table producers.member drop constraint member_role;
update producers.member set role = 'staff' where role = 'member';
alter table producers.member add constraint member_role check (role in ('owner', 'staff', 'diary'));

alter table accounts.person_role drop constraint person_role_word;
alter table accounts.person_role add constraint person_role_word check (role in ('buyer', 'seller', 'officer', 'operator', 'helper'));

-- An act of a helper has two names: who did it, and for whom.
alter table accounts.audit add column on_behalf_of_id bigint constraint audit_on_behalf_of_fk references accounts.person;

create table producers.invitation (
  id bigint generated always as identity constraint invitation_pk primary key,
  token_hash bytea not null constraint invitation_token_key unique,
  producer_id bigint not null constraint invitation_producer_fk references producers.producer,
  role text not null constraint invitation_role check (role in ('owner', 'staff', 'diary')),
  contact text not null,
  invited_by bigint not null constraint invitation_inviter_fk references accounts.person,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  accepted_by bigint constraint invitation_accepter_fk references accounts.person
);
create index invitation_open on producers.invitation (producer_id, id) where ended_at is null;

-- A helper asks; somebody of the producer agrees, by the words of text_version, until a day or until they say stop.
create table producers.helper (
  id bigint generated always as identity constraint helper_pk primary key,
  producer_id bigint not null constraint helper_producer_fk references producers.producer,
  person_id bigint not null constraint helper_person_fk references accounts.person,
  ends_on date not null,
  asked_at timestamptz not null,
  agreed_at timestamptz,
  agreed_by bigint constraint helper_agreer_fk references accounts.person,
  agreed_through text constraint helper_agreed_through check (agreed_through in ('code', 'screen')),
  text_version text,
  text_hash text,
  ended_at timestamptz,
  ended_by bigint constraint helper_ender_fk references accounts.person,
  constraint helper_agreement check (num_nulls(agreed_at, agreed_by, agreed_through, text_version, text_hash) in (0, 5))
);
create unique index helper_once on producers.helper (producer_id, person_id) where ended_at is null;
create index helper_person on producers.helper (person_id, id);

-- Which producer a person works for now, where there are several; a helper works for none unless it stands here.
create table producers.working (
  person_id bigint constraint working_pk primary key constraint working_person_fk references accounts.person,
  producer_id bigint not null constraint working_producer_fk references producers.producer,
  since timestamptz not null
);

-- The one answer to "may this person act for this producer": at most one row a person.
create view producers.acting as
  select distinct on (c.person_id) c.person_id, c.producer_id, c.role, c.since, c.for_person_id
  from (
    select m.person_id, m.producer_id, m.role, m.joined_at as since, null::bigint as for_person_id from producers.member m
    union all
    select h.person_id, h.producer_id, 'helper', h.agreed_at, h.agreed_by from producers.helper h
    where h.agreed_at is not null and h.ended_at is null and h.ends_on >= (now() at time zone 'Asia/Ho_Chi_Minh')::date
      and exists (select 1 from accounts.person_role r where r.person_id = h.person_id and r.role = 'helper')
  ) c left join producers.working w on w.person_id = c.person_id and w.producer_id = c.producer_id
  where c.role <> 'helper' or w.person_id is not null
  order by c.person_id, (w.person_id is not null) desc, c.since, c.producer_id;
