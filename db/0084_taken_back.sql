-- What came in by mistake and was taken back before anything was built on it: it stays for the history and is listed nowhere any more.
alter table producers.product add column taken_back_at timestamptz;
alter table origin.lot add column taken_back_at timestamptz constraint lot_taken_back check (taken_back_at is null or (used_base = 0 and shelved_base = 0));
alter table catalog.listing add column taken_back_at timestamptz constraint listing_taken_back check (taken_back_at is null or status = 'closed');
