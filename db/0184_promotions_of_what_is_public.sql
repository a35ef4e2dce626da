-- What nobody sees has no promotion: a listing that was closed or suspended may come back in another pack, at another price. What one had set goes back to the usual price, and the history tells it.
insert into catalog.listing_price (listing_id, no, at, price_vnd)
select l.id, coalesce((select max(p.no) from catalog.listing_price p where p.listing_id = l.id), 0) + 1, now(), l.usual_vnd from catalog.listing l where l.public_version is null and l.usual_vnd is not null;
update catalog.listing set price_vnd = coalesce(usual_vnd, price_vnd), usual_vnd = null, sale_vnd = null, sale_from = null, sale_until = null where public_version is null and sale_vnd is not null;
alter table catalog.listing add constraint listing_sale_public check (sale_vnd is null or public_version is not null);

-- Whose time has come is asked of the rows themselves, each minute; what was queued for it is no longer handled.
create index listing_sale_until on catalog.listing (sale_until) where sale_vnd is not null;
delete from jobs.job where kind like 'PromotionDue>%' and done_at is null;
