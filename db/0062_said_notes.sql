-- What the product itself says about a step of an order is a text with its values, said in the language of whoever reads it.
-- Without values (null) a note is what somebody wrote themselves.
alter table orders.status_change add column note_args text[];

-- The English title under which it was bought, beside the Vietnamese one.
alter table orders.line add column title_en text not null default '';
update orders.line l set title_en = coalesce(g.title_en, '') from catalog.listing g where g.id = l.listing_id;

-- A producer's terms of delivery are a row only once the producer has said them; until then the usual terms hold, which the program knows.
delete from catalog.delivery_rate r where not exists (select 1 from accounts.audit u where u.subject = 'producer-delivery:' || r.producer_id and u.action = 'delivery.edit');
delete from catalog.delivery_terms t where not exists (select 1 from accounts.audit u where u.subject = 'producer-delivery:' || t.producer_id and u.action = 'delivery.edit');
