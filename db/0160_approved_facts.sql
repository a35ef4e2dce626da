-- What of a product is told behind its labels is what an officer approved: brand, model, how it is kept and what a piece weighs go with the version, and from it to the pages of the lots.
alter table catalog.listing_version
  add column brand text not null default '',
  add column model text not null default '',
  add column piece_weight_g bigint;
update catalog.listing_version v set piece_weight_g = p.net_weight_g from catalog.listing l join producers.product p on p.id = l.product_id where l.id = v.listing_id;
alter table origin.approved_product
  add column brand text not null default '',
  add column model text not null default '',
  add column storage text not null default '',
  add column piece_weight_g bigint;
update origin.approved_product a set storage = v.storage, piece_weight_g = v.piece_weight_g
from catalog.listing l join catalog.listing_version v on v.listing_id = l.id
where l.slug = a.listing_slug and v.version = (select max(x.version) from catalog.listing_version x where x.listing_id = l.id and x.state = 'approved');
