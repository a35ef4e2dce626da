-- A token of a seller's own feed opens the listings of that producer alone; null of one for the listings of all.
alter table exports.feed_token add column producer_id bigint constraint feed_token_producer_fk references producers.producer;
