-- A product page shows four others of its speciality, the newest first.
create index search_entry_speciality_new on catalog.search_entry (speciality_slug, published_at desc, listing_id desc) where sellable;
