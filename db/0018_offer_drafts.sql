-- What a seller has said so far of goods to sell, kept at every step until it becomes product, lot, listing and stock.
create table catalog.offer_draft (
  id uuid constraint offer_draft_pk primary key,
  producer_id bigint not null constraint offer_draft_producer_fk references producers.producer,
  copied_from_id bigint constraint offer_draft_copied_from_fk references catalog.listing,
  content jsonb not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  changed_by bigint constraint offer_draft_changer_fk references accounts.person,
  finished_at timestamptz,
  listing_id bigint constraint offer_draft_listing_fk references catalog.listing,
  lot_id bigint constraint offer_draft_lot_fk references origin.lot,
  constraint offer_draft_content_size check (length(content::text) <= 30000),
  constraint offer_draft_finished check ((finished_at is null) = (listing_id is null) and (listing_id is null) = (lot_id is null))
);
create index offer_draft_open on catalog.offer_draft (producer_id, changed_at desc) where finished_at is null;
