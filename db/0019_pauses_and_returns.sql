-- A seller rests a listing without losing its approval: for a while, or until the next season.
alter table catalog.listing add column paused_at timestamptz;
alter table catalog.listing add column paused_for text constraint listing_paused_for check (paused_for in ('break', 'season'));
alter table catalog.listing add constraint listing_paused check ((paused_at is null) = (paused_for is null));

-- Which parts the Department wants changed, in the words of the forms that show them (ListingPart, ProducerPart).
alter table catalog.listing add column returned_parts text[] not null default '{}';
alter table producers.producer add column returned_parts text[] not null default '{}';
