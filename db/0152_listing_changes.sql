-- When each listing changed last for buyers and platforms, as a number that only grows: given out one after the other, after the change is there to be seen, so that whoever has read up to a number misses nothing.
create table catalog.listing_change (
  listing_id bigint constraint listing_change_pk primary key constraint listing_change_listing_fk references catalog.listing,
  no bigint not null constraint listing_change_no_key unique
);
