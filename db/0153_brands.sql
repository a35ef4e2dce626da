-- The brand that a producer's goods are known by elsewhere, as platforms ask for it; empty where it is the name.
alter table producers.producer add column brand text not null default '' constraint producer_brand_length check (char_length(brand) <= 70);
alter table producers.producer_version add column brand text not null default '';
