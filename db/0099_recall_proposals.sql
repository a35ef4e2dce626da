-- What a rule holds back and lays before an officer: a recall that they confirm or drop.
create table supervision.recall_proposal (
  id bigint generated always as identity constraint recall_proposal_pk primary key,
  lot_id bigint not null constraint recall_proposal_lot_fk references origin.lot,
  rule text not null constraint recall_proposal_rule check (rule in ('sample', 'interval')),
  source text not null,
  note text not null,
  note_args text[],
  proposed_at timestamptz not null,
  outcome text constraint recall_proposal_outcome check (outcome in ('confirmed', 'dropped')),
  reason text,
  recall_id bigint constraint recall_proposal_recall_fk references origin.recall,
  decided_at timestamptz,
  decided_by bigint constraint recall_proposal_officer_fk references accounts.person,
  constraint recall_proposal_once unique (rule, source),
  constraint recall_proposal_decided check ((decided_at is null) = (outcome is null) and (decided_at is null) = (reason is null)),
  constraint recall_proposal_confirmed check ((outcome = 'confirmed') = (recall_id is not null))
);
-- One at a time for a lot.
create unique index recall_proposal_open on supervision.recall_proposal (lot_id) where decided_at is null;
